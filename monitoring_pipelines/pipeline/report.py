"""What is stored of one model, gathered for its page, and the page written to a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import SECURITY
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError, MonitoringError
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.coverage import cover
from monitoring_pipelines.pipeline.evidence import verify_since
from monitoring_pipelines.pipeline.handling import handled
from monitoring_pipelines.pipeline.promises import approvals
from monitoring_pipelines.report.content import Approved, Content, Judged, Watched
from monitoring_pipelines.report.drift import SHOWN, moved
from monitoring_pipelines.report.page import Page, page
from monitoring_pipelines.store import courses, evidence, outbox
from monitoring_pipelines.store.history import explaining
from monitoring_pipelines.store.incidents import listed
from monitoring_pipelines.store.results import read
from monitoring_pipelines.store.summaries import newest_in
from monitoring_pipelines.summaries.labelled import LabelledSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

# without a first day so many windows are told of
WINDOWS = 366
# of so many fallen windows the causes are looked up
FALLEN = 100

Period = tuple["datetime", "datetime"]


class Report(NamedTuple):
    """A page with what it was made from."""

    page: Page
    content: Content


def make_report(
    model: Model, store: Store, start: datetime | None, end: datetime | None, now: datetime
) -> Report:
    """The page of the windows that start in ``[start, end)``, of the last 366 without a `start`.

    Raises
    ------
    ConfigError
        If no window of the period has ended, or none has a stored result.
    """
    due = model.windows(start, end, now)
    if start is None:
        due = due[-WINDOWS:]
    if not due:
        last = f" to {model.config.last:%Y-%m-%d}" if model.config.last else ""
        raise ConfigError(
            f"No window of '{model.name}' that has ended lies in that period; it is monitored from "
            f"{model.config.first:%Y-%m-%d}{last}."
        )
    content = gather(model, store, due, now)
    return Report(page(content), content)


def gather(model: Model, store: Store, due: Sequence[Window], now: datetime) -> Content:
    """What the store knows of the windows `due`, and what is watched as of now."""
    config, name = model.config, model.name
    period = due[0].utc.start, due[-1].utc.start + (due[-1].utc.end - due[-1].utc.start)
    known = {window.utc for window in due}
    watched, watched_error = _watched(model, now)
    with store.read() as connection:
        counts = courses.counts(connection, name, period)
        # windows of another length were stored before the configuration changed
        judged = [Judged(*one) for one in counts if one.window in known]
        judged = [one for one in judged if not _is_private(model, one.metric)]
        if not judged:
            raise ConfigError(
                f"No window of '{name}' in that period has a stored result; `mlmon run {name}` "
                "makes some."
            )
        newest = max(one.window for one in judged)
        settled = courses.newest_settled(connection, name, period, config.primary_metric)
        whole = _read(connection, model, period, known, column="", segment="")
        of_newest = _read(connection, model, (newest.start, newest.end), {newest})
        n_moved = courses.windows_with(connection, name, period, DRIFT)
        labelled = newest_in(connection, name, "labelled", period)
        usual = newest_in(connection, name, "reference_labelled", None)
        return Content(
            config=config,
            at=now,
            due=due,
            judged=judged,
            whole=whole,
            newest=of_newest,
            settled=of_newest
            if settled in {None, newest}
            else _read(connection, model, (settled.start, settled.end), {settled}),
            estimated=_read(
                connection,
                model,
                period,
                known,
                metric=config.primary_metric,
                column="",
                segment="",
                status=Status.ESTIMATED,
            ),
            explaining=explaining(connection, name, _fallen(whole, config.primary_metric)),
            moved=_moved(connection, model, period, known, of_newest, n_moved),
            n_moved=n_moved,
            incidents=_incidents(connection, model, period),
            waiting=_waiting(connection),
            watched=watched,
            watched_error=watched_error,
            labelled=_labelled(labelled),
            labelled_window=labelled[0] if labelled else None,
            usual=_labelled(usual),
            evidence=_evidence(connection),
            approved=_approved(connection, model, now),
            sheets=_sheets(model),
            release=__version__,
        )


def write_page(html: str, path: Path) -> int:
    """Write the page beside `path` and put it in its place at once; how many bytes.

    Raises
    ------
    ConfigError
        If the file cannot be written; what stood there is still there.
    """
    content = html.encode("utf-8")
    beside = None
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        handle, beside = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)  # as any file that the user makes
        Path(beside).replace(path)
    except OSError as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        raise ConfigError(f"'{path}' cannot be written: {error.strerror}.") from None
    return len(content)


def _read(
    connection: sa.Connection, model: Model, period: Period, known: set[Window], **only: Any
) -> list[Result]:
    found = read(connection, model=model.name, start=period[0], end=period[1], **only)
    return [r for r in found if r.window in known and not _is_private(model, r.metric)]


def _is_private(model: Model, metric: str) -> bool:
    """What has a private place is not told on a page that is passed around."""
    return bool(model.config.alerts.security) and metric.startswith(SECURITY)


def _fallen(whole: Iterable[Result], primary: str) -> list[datetime]:
    bad = {Verdict.WARN, Verdict.FAIL}
    found = sorted(r.window.start for r in whole if r.metric == primary and r.verdict in bad)
    return found[-FALLEN:]


def _moved(
    connection: sa.Connection,
    model: Model,
    period: Period,
    known: set[Window],
    newest: Iterable[Result],
    n_moved: dict[str, int],
) -> list[Result]:
    shown = [one.result for one in moved(newest, n_moved)[:SHOWN]]
    metrics, columns = {r.metric for r in shown}, {r.column for r in shown}
    if not shown:
        return []
    found = courses.courses(connection, model.name, period, metrics, columns)
    return [r for r in found if r.window in known]


def _incidents(connection: sa.Connection, model: Model, period: Period) -> list[dict[str, Any]]:
    """Those that are open or touch the period, the newest first."""
    private = bool(model.config.alerts.security)
    return [
        row | {"handled": handled(row)}
        for row in listed(connection, model.name)
        if not (private and row["cause"] == Cause.SECURITY)
        and row["opened_window"] < period[1]
        and (row["state"] == "open" or row["last_window"] >= period[0])
    ]


def _waiting(connection: sa.Connection) -> dict[str, int]:
    """Messages of all models that nobody has got yet."""
    counts = outbox.counts(connection)
    told = {
        "wait to be sent, of all models": sum(counts.get(state, 0) for state in outbox.WAITING),
        "were given up, of all models": counts.get(outbox.Delivery.DEAD, 0),
    }
    return {name: n for name, n in told.items() if n}


def _watched(model: Model, now: datetime) -> tuple[list[Watched], str]:
    """Signals, rules and boxes; or why they cannot be looked at, and the page is made without."""
    try:
        found = [Watched(*signal) for signal in cover(model, now)]
    except MonitoringError as error:
        return [], f"What is watched could not be looked at: {error}"
    if not model.config.alerts.security:
        return found, ""
    return [one for one in found if not one.signal.startswith("SEC-")], (
        "Security findings have a private place, and are not told here: "
        f"`mlmon coverage {model.name}`."
    )


def _labelled(found: tuple[Window, Any] | None) -> LabelledSummary | None:
    return found[1] if found is not None and isinstance(found[1], LabelledSummary) else None


def _evidence(connection: sa.Connection) -> str:
    head, broken = verify_since(connection, evidence.verified(connection))
    if broken is not None:
        return f"The chain is broken: {broken.reason}."
    if not head.seq:
        return "No record yet."
    return (
        f"{head.seq:,} records; the chain holds since it was verified last. Head {head}: kept "
        "elsewhere it proves later that nothing before it was changed (mlmon evidence verify)."
    )


def _approved(connection: sa.Connection, model: Model, now: datetime) -> list[Approved]:
    card = model.config.governance.card(model.config.owner, model.config.zone)
    given = (*card.approved_versions, *approvals(connection, model.name))
    found = [Approved(a.version, a.approved_by, a.approved_at, a.is_over(now)) for a in given]
    return sorted(found, key=lambda a: a.at)


def _sheets(model: Model) -> str:
    """Where the newest contact sheet lies, from the project on."""
    folder = Path(".monitoring") / "images" / model.name / "sheets"
    files = sorted((model.root / folder).glob("*.jpg"))
    return str(folder / files[-1].name) if files else ""


def n_windows(content: Content) -> int:
    """Windows of the page with a result."""
    return len({one.window for one in content.judged})
