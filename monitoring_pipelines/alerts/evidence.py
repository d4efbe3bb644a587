"""The numbers behind an incident's message, for its thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.compose import compose, worst_first
from monitoring_pipelines.alerts.message import AlertMessage, Table
from monitoring_pipelines.alerts.wording import limit, name, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.compose import History
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result

MAX_CONDITIONS = 5
# of one condition, and of each of several
MAX_ALONE = 14
MAX_WINDOWS = 5
COLUMNS = ("window", "value", "limit", "usual", "interval", "rows", "verdict")
# with a name in each row there is less room
SHORT = ("check", "window", "value", "limit", "rows", "verdict")


def evidence(incident: Incident, history: History, settings: AlertSettings) -> AlertMessage:
    """The newest windows of the worst conditions that fire, in a table.

    One condition is named once, above the table; of several each row has its own name.
    """
    worst = [e.fingerprint for e in worst_first(incident, history)[:MAX_CONDITIONS]]
    alone = len(worst) == 1
    columns = COLUMNS if alone else SHORT
    rows = [
        tuple(_cells(result, settings)[heading] for heading in columns)
        for fingerprint in worst
        for result in _newest(history[fingerprint], MAX_ALONE if alone else MAX_WINDOWS)
    ]
    what = f"{len(worst)} checks" if not alone else name(history[worst[0]][0])
    left_out = len(incident.current) - len(worst)
    return replace(
        compose(incident, history, settings),
        what=f"Evidence: {what}, newest windows.",
        detail=f"{left_out} more checks are in the results." if left_out else "",
        facts=(),
        steps=(),
        links=(),
        chart=None,
        table=Table(columns, tuple(rows)),
    )


def _newest(results: Sequence[Result], n: int) -> Sequence[Result]:
    return sorted(results, key=lambda result: result.window)[-n:]


def _cells(result: Result, settings: AlertSettings) -> dict[str, str]:
    interval = "-"
    if result.low is not None and result.high is not None:
        interval = f"{shown(result, result.low)} to {shown(result, result.high)}"
    return {
        "check": name(result),
        "window": settings.key(result.window.start),
        "value": shown(result, result.value),
        "limit": shown(result, limit(result)),
        "usual": shown(result, result.reference_value),
        "interval": interval,
        "rows": f"{result.n:,}",
        "verdict": result.verdict,
    }
