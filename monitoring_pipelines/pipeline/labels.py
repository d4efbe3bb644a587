"""Which windows have labels that their performance does not know yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.arrivals import Arrivals, count_arrivals
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.store.results import read

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

# older windows without a final number are left to a backfill
MAX_WINDOWS = 400


def changed_labels(model: Model, store: Store, now: datetime) -> dict[Window, str]:
    """Data version of the labels of every window whose performance is out of date.

    A window changes when it gets labels, when a label is corrected, and when its labels become
    mature; once its number is final it is not looked at again, so the cost does not grow with
    history. The day is part of the version: labels that came right after a run, which Dagster takes
    for the answer to them, or whose run failed, are news again on the next day.
    """
    windows = model.windows(None, None, now)[-MAX_WINDOWS:]
    with store.read() as connection:
        coverage = {
            result.window.utc: result
            for result in read(connection, model=model.name, metric="label_coverage", segment="")
        }
    open_windows = [window for window in windows if not _is_final(coverage.get(window.utc))]
    if not open_windows:
        return {}
    arrivals = _arrivals(model, open_windows, now)
    changed = {}
    for window in open_windows:
        found = arrivals.get(window.utc.start)
        final = now >= window.end + model.maturity
        if found is None or not (found.n_labelled or final):
            continue
        if _differs(found, coverage.get(window.utc), final=final):
            status = Status.FINAL if final else Status.PROVISIONAL
            newest = found.newest.isoformat() if found.newest else "now"
            changed[window] = f"{now.date()}: {found.n_labelled}@{newest} {status}"
    return changed


def _arrivals(model: Model, windows: list[Window], now: datetime) -> dict[datetime, Arrivals]:
    reader = Reader.open(model)
    try:
        span = Window(windows[0].start, windows[-1].end)
        rows = reader.rows(reader.predictions, span)
        return count_arrivals(rows, reader.join(rows), now, model.config.window, model.config.zone)
    finally:
        reader.close()


def _is_final(result: Result | None) -> bool:
    return result is not None and result.status is Status.FINAL


def _differs(found: Arrivals, known: Result | None, *, final: bool) -> bool:
    if known is None or final:
        return True
    counted = round((known.value or 0.0) * known.n)
    newer = found.newest is not None and found.newest > known.as_of
    return found.n_labelled != counted or newer
