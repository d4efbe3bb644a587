"""The only place that reads the environment: where the database is, what Slack is called by."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.condition import Policy
from monitoring_pipelines.alerts.quiet import QuietHours
from monitoring_pipelines.alerts.routing import Route
from monitoring_pipelines.alerts.settings import REMIND, AlertSettings, Escalation
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.governance.chain import Key
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.notify.base import DEFAULT_CHANNEL
from monitoring_pipelines.notify.connect import notifiers
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.delivery import DrainReport, drain
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.history import LENGTH
from monitoring_pipelines.store.incidents import open_models
from monitoring_pipelines.store.memory import Memory
from monitoring_pipelines.store.retention import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from monitoring_pipelines.config.alerts import Alerts
    from monitoring_pipelines.pipeline.model import Model

DATABASE = "MONITORING_DATABASE_URL"
UI = "MONITORING_UI_URL"
CHANNEL = "SLACK_CHANNEL"
TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - the name of the variable
APP_TOKEN = "SLACK_APP_TOKEN"  # noqa: S105 - the name of the variable
SIGNING_SECRET = "SLACK_SIGNING_SECRET"  # noqa: S105 - the name of the variable
ADMINS = "MONITORING_SLACK_ADMINS"
FALLBACK = "MONITORING_FALLBACK"
EVIDENCE_KEY = "MONITORING_EVIDENCE_KEY"
HASH_KEYS = "MONITORING_HASH_KEYS"
READERS = "MONITORING_READERS"
SMTP = "MONITORING_SMTP_URL"
FRESH_WINDOWS = 3
SIGNALS = "signals"
TIDY = timedelta(days=1)

# which asset a message leads to
ASSETS = {
    Cause.PERFORMANCE.value: "performance",
    Cause.DATA_CONTRACT.value: "quality",
    Cause.SILENCE.value: "predictions",
    Cause.FAIRNESS.value: "fairness",
    Cause.GOVERNANCE.value: "governance",
    Cause.SECURITY.value: "security",
}


def open_store(root: Path) -> Store:
    """Open the monitoring database; by default an SQLite file under the project's `.monitoring`."""
    return Store.open(os.environ.get(DATABASE) or default_url(root), keys=evidence_keys())


def evidence_keys() -> list[Key]:
    """Secrets of the evidence chain, the present one first; older ones only verify."""
    return [
        Key(text.encode()) for text in os.environ.get(EVIDENCE_KEY, "").replace(",", " ").split()
    ]


def hash_keys() -> list[Hashes]:
    """Keys of hashes of people's words and names, the present one first, by their variables."""
    names = os.environ.get(HASH_KEYS, "").replace(",", " ").split()
    return [Hashes.named(name, os.environ) for name in names]


def readers() -> int:
    """How many processes may read long logs of LLM calls; by default one for each usable core."""
    told = os.environ.get(READERS, "")
    if not told:
        usable = getattr(os, "sched_getaffinity", None)  # not on every system
        return len(usable(0)) if usable else os.cpu_count() or 1
    if not told.isdecimal() or int(told) < 1:
        raise ConfigError(f"{READERS} is '{told[:20]}'; it is a number of processes, 1 or more.")
    return int(told)


def default_url(root: Path) -> str:
    """URL of the embedded database of a project."""
    return f"sqlite:///{home_of(root) / 'monitoring.db'}"


def home_of(root: Path) -> Path:
    """Folder of all that monitoring keeps beside a project."""
    return root / ".monitoring"


def hash_key(home: Path) -> Hashes:
    """Key of the hashes that stand for people's words: the present named one, or drawn once.

    A drawn one is kept in `home`, readable by its owner alone; with another key users of one day
    are not those of the day before.
    """
    if named := hash_keys():
        return named[0]
    path = home / "hash.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        # written beside and linked: another process never sees half of it, and the first one wins
        new = home / f".hash.key.{secrets.token_hex(4)}"
        with open(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            path.hardlink_to(new)
        new.unlink()
    return Hashes(path.read_bytes())


def alert_settings(model: Model) -> AlertSettings:
    """Who is told of a model's incidents, and where."""
    config, alerts = model.config, model.config.alerts
    return AlertSettings(
        model=config.name,
        owner=config.owner or "",
        cadence=config.window,
        zone=config.zone,
        channel=alerts.slack or DEFAULT_CHANNEL,
        ui_url=os.environ.get(UI) or None,
        # of an application its own log tells how it went, before any label
        assets=ASSETS | ({Cause.PERFORMANCE.value: SIGNALS} if config.task.tells_outcome else {}),
        runbook=alerts.runbook,
        next_steps=alerts.next_steps,
        mentions=alerts.mention,
        layout=alerts.layout,
        has_buttons=bool(os.environ.get(APP_TOKEN) or os.environ.get(SIGNING_SECRET)),
        policy=Policy(breaches=alerts.breaches, of=alerts.of, clear=alerts.clear),
        routes=_routes(alerts),
        escalation=Escalation(to=alerts.escalation.to, after=alerts.escalation.after)
        if alerts.escalation
        else None,
        quiet_hours=QuietHours.parse(alerts.quiet_hours) if alerts.quiet_hours else None,
        remind=REMIND | alerts.remind,
        # a window is judged for the last time when its labels are mature
        fresh_for=model.maturity + FRESH_WINDOWS * LENGTH[config.window],
    )


def _routes(alerts: Alerts) -> tuple[Route, ...]:
    """Where incidents go; with a private place for security, those go there and nowhere else."""
    routes = [
        Route(
            to=route.to,
            severities=frozenset(route.severities),
            causes=frozenset(route.causes),
            owners=route.owners,
        )
        for route in alerts.routes
    ]
    if not alerts.security:
        return tuple(routes)
    others = frozenset(Cause) - {Cause.SECURITY}
    kept = [replace(route, causes=(route.causes or others) & others) for route in routes]
    private = Route(to=alerts.security, causes=frozenset({Cause.SECURITY}))
    return (private, *(route for route in kept if route.causes))


def slack_admins() -> frozenset[str]:
    """Ids of the Slack users who may silence for longer than a day."""
    return frozenset(os.environ.get(ADMINS, "").replace(",", " ").split())


def look_again(models: Sequence[Model], store: Store, now: datetime, also: str = "") -> int:
    """Decide again on the models with open incidents, and on `also`; how many.

    Reminders come due and silences end; people may also say something of what is over.
    """
    with store.read() as connection:
        troubled = open_models(connection)
    found = [model for model in models if model.name in {*troubled, also}]
    for model in found:
        evaluate(store.engine, alert_settings(model), now, "mlmon-clock")
    return len(found)


def flush_alerts(
    model: Model, store: Store, now: datetime, run_id: str, tell: Callable[[str], None]
) -> None:
    """Decide what a run's results mean for people, and say it if that is possible now.

    What cannot be said stays in the outbox for the sensor, so a run never fails by it.
    """
    evaluate(store.engine, alert_settings(model), now, run_id)
    sent = deliver(store)
    if sent.waiting or sent.dead:
        tell(sentence(sent))


def deliver(store: Store, budget_s: float = 5.0) -> DrainReport:
    """Send what waits in the outbox, as far as this environment has the secrets for it."""
    memory, now = Memory(store.engine), datetime.now(UTC)
    report = drain(
        store.engine, notifiers(os.environ, memory), now, budget_s, os.environ.get(FALLBACK) or None
    )
    if not memory.knows("outbox", "tidied", TIDY):
        with store.write() as connection:
            tidy(connection, now)
        memory.learn("outbox", "tidied")
    return report


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """Messages by their state, and whether none was given up and no destination is blocked."""

    works: bool
    sentence: str
    counts: dict[str, int]


def delivery_state(store: Store) -> DeliveryState:
    """How the outbox stands."""
    with store.read() as connection:
        counts = outbox.counts(connection)
        report = DrainReport.of(connection, counts.get(outbox.Delivery.SENT, 0), 0)
    works = not (report.dead or report.blocked)
    return DeliveryState(works=works, sentence=sentence(report), counts=counts)


def sentence(report: DrainReport) -> str:
    """What became of the outbox."""
    parts = [f"{report.sent} message(s) sent"]
    if report.failed:
        parts.append(f"{report.failed} call(s) failed")
    if report.waiting:
        why = "" if os.environ.get(TOKEN) else f" since {TOKEN} is not set"
        parts.append(f"{report.waiting} kept{why}; `mlmon incidents` shows them")
    if report.dead:
        parts.append(f"{report.dead} given up, see `mlmon outbox`")
    parts += [f"blocked is {said}" for said in report.blocked]
    return "; ".join(parts)


def waiting(connection: Connection) -> str:
    """How many messages have not been said yet, and why."""
    counts = outbox.counts(connection)
    return sentence(DrainReport.of(connection, counts.get(outbox.Delivery.SENT, 0), 0))
