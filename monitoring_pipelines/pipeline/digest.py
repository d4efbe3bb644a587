"""The digest: what is not worth a message of its own, and the proof that monitoring is alive."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.area import Area, area
from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.message import AlertMessage, Fact, Stage, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.triage import SECURITY
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.notify.base import DEFAULT_CHANNEL
from monitoring_pipelines.pipeline.evidence import verify_since
from monitoring_pipelines.store import evidence, handling, outbox, overview
from monitoring_pipelines.store.history import LENGTH
from monitoring_pipelines.store.outbox import Told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.config.monitoring import MonitoringConfig

MAX_MODELS = 40
MAX_NAMED = 5
# so many windows without a result, and a model counts as not monitored
LATE_WINDOWS = 2
PARTS = ("data", "drift", "performance", "governance", "security")
_WORST = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN, Verdict.OK)


def write_digest(
    engine: sa.Engine,
    config: MonitoringConfig,
    models: Sequence[ModelConfig],
    period: tuple[datetime, datetime],
) -> tuple[str, ...]:
    """Queue the digest of ``(start, end]``, once for each destination; where it goes."""
    places = config.digest_to or (f"slack:{config.alerts.slack or DEFAULT_CHANNEL}",)
    start, end = period
    id_ = f"digest:{(end - start).days}d:{end:%Y-%m-%dT%H:%M}"
    with engine.begin() as connection:
        known = outbox.told(connection, id_)
        message = digest(connection, id_, models, period)
        for place in places:
            if place not in known:
                said = Told(1, Op.DIGEST, message.to_json())
                outbox.enqueue(connection, id_, place, said, end)
    return places


def digest(
    connection: sa.Connection,
    id_: str,
    models: Sequence[ModelConfig],
    period: tuple[datetime, datetime],
) -> AlertMessage:
    """What happened to `models` in ``(start, end]``."""
    start, end = period
    names = {model.name for model in models}
    # what has a private place is not told in a public one
    private = {model.name for model in models if model.alerts.security}
    counts = [
        c
        for c in overview.verdicts(connection, period)
        if c.model in names and not (c.model in private and c.metric.startswith(SECURITY))
    ]
    total = sum(c.n for c in counts)
    fine = sum(c.n for c in counts if c.verdict == Verdict.OK)
    silent = _silent(connection, models, end)

    def is_told(of: dict[str, Any]) -> bool:
        hidden = of["model"] in private and of["cause"] == Cause.SECURITY
        return of["model"] in names and not hidden

    happened = [event for event in overview.events(connection, period) if is_told(event)]
    still = [incident for incident in overview.open_incidents(connection) if is_told(incident)]
    facts = [
        Fact("Not monitored", _named(silent) or "no model: all are up to date"),
        Fact("Needs someone", _waiting(still)),
        Fact("Warnings, not sent one by one", _warnings(counts)),
        Fact("Delivery", _delivery(connection, period)),
        Fact("Evidence", _evidence(connection)),
    ]
    silences = handling.silences(connection, end)
    if silences:
        facts.append(Fact("Silences", f"{len(silences)} active"))
    return AlertMessage(
        incident=id_,
        stage=Stage.DIGEST,
        severity=Severity.HIGH,
        title=f"ML monitoring · {start:%Y-%m-%d} to {end:%Y-%m-%d}",
        what=f"{len(models)} models, {total:,} checks, {_share(fine, total)} ok.",
        detail=_incidents(happened, still),
        owner="",
        facts=tuple(facts),
        table=_table(models, counts),
        small=("this digest comes also if nothing happened: without it, monitoring is down",),
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "none"


def _silent(connection: sa.Connection, models: Sequence[ModelConfig], now: datetime) -> list[str]:
    newest = overview.newest_windows(connection)
    late = []
    for model in models:
        until = min(now, model.last) if model.last else now
        end = newest.get(model.name)
        if end is None or until - end > (LATE_WINDOWS + 1) * LENGTH[model.window]:
            late.append(model.name)
    return sorted(late)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MAX_NAMED])
    return f"{shown} and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else shown


def _incidents(happened: list[dict[str, Any]], still: list[dict[str, Any]]) -> str:
    types = Counter(event["type"] for event in happened)
    told = [f"{types['opened']} incidents opened, {types['resolved']} resolved, {len(still)} open"]
    opened = {e["incident_id"]: e["at"] for e in reversed(happened) if e["type"] == "opened"}
    waits = [
        (event["at"] - opened[event["incident_id"]]).total_seconds() / 60
        for event in happened
        if event["type"] == "acknowledged" and event["incident_id"] in opened
    ]
    if waits:
        told.append(f"median time to acknowledge {median(waits):.0f} min")
    false = sum(
        e["type"] == "feedback" and e["payload"].get("verdict") == "false_alarm" for e in happened
    )
    if false:
        told.append(f"{false} called a false alarm")
    return f"{'; '.join(told)}."


def _waiting(still: list[dict[str, Any]]) -> str:
    alone = [f"{i['id']} ({i['model']}, {i['cause']})" for i in still if not i["acknowledged_by"]]
    return _named(alone) or "no open incident without somebody who acknowledged it"


def _warnings(counts: list[overview.Count]) -> str:
    found: Counter[str] = Counter()
    for count in counts:
        if count.verdict == Verdict.WARN:
            found[f"{count.model} {count.metric}"] += count.n
    named = [f"{name} ({n})" for name, n in sorted(found.items(), key=lambda p: (-p[1], p[0]))]
    return _named(named) or "none"


def _delivery(connection: sa.Connection, period: tuple[datetime, datetime]) -> str:
    counts = outbox.counts(connection)
    waiting = sum(counts.get(state, 0) for state in outbox.WAITING)
    dead = counts.get(outbox.Delivery.DEAD, 0)
    return f"{overview.n_sent(connection, period)} sent, {waiting} waiting, {dead} given up"


def _evidence(connection: sa.Connection) -> str:
    """The head of the chain: a copy of it in another system is an anchor."""
    head, broken = verify_since(connection, evidence.verified(connection))
    if broken is not None:
        return f"the chain is broken: {broken.reason}"
    return f"{head.seq:,} records, head {head}" if head.seq else "no record yet"


def _part(metric: str) -> str:
    found = area(metric)
    # whom a model fails is told with how often it does
    return Area.PERFORMANCE if found is Area.FAIRNESS else found


def _table(models: Sequence[ModelConfig], counts: list[overview.Count]) -> Table:
    cells: dict[tuple[str, str], Counter[str]] = {}
    for count in counts:
        cells.setdefault((count.model, _part(count.metric)), Counter())[count.verdict] += count.n
    worst = sorted(models, key=lambda m: (_badness(cells, m.name), m.name))
    rows = [(m.name, *(_cell(cells.get((m.name, part))) for part in PARTS)) for m in worst]
    if len(rows) > MAX_MODELS:
        rows = [*rows[:MAX_MODELS], (f"and {len(rows) - MAX_MODELS} more", *("" for _ in PARTS))]
    return Table(("model", *PARTS), tuple(rows))


def _badness(cells: dict[tuple[str, str], Counter[str]], model: str) -> tuple[int, ...]:
    return tuple(-sum(cells.get((model, part), Counter())[v] for part in PARTS) for v in _WORST[:2])


def _cell(verdicts: Counter[str] | None) -> str:
    if not verdicts:
        return "-"
    bad = [f"{verdicts[verdict]} {verdict}" for verdict in _WORST[:3] if verdicts[verdict]]
    return ", ".join(bad) or "ok"
