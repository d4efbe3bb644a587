"""The course of the metric that fires, and the table of many that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.message import Chart, Table
from monitoring_pipelines.alerts.triage import GOVERNANCE, SECURITY
from monitoring_pipelines.alerts.wording import is_share, limit, name, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result

MAX_POINTS = 20
MAX_ROWS = 10


def chart(results: Sequence[Result], breached: Result, settings: AlertSettings) -> Chart | None:
    """Newest windows of one condition; None if fewer than two have a value.

    Shares are in per cent. The lines are those that `breached` was judged by: a window that is
    fine again may lie on the other side of the usual value, or have a younger reference.
    """
    if breached.metric.startswith((GOVERNANCE, *SECURITY)):
        return None  # a promise has no course, and a finding says more than its number
    newest = sorted(results, key=lambda result: result.window)[-MAX_POINTS:]
    if sum(result.value is not None for result in newest) < 2:  # noqa: PLR2004 - a line needs two
        return None
    scale = 100 if is_share(breached) else 1
    unit = " in %" if is_share(breached) else ""

    def scaled(value: float | None) -> float | None:
        return None if value is None else float(f"{value * scale:.6g}")

    return Chart(
        title=f"{name(breached)}{unit}",
        labels=tuple(settings.key(result.window.start) for result in newest),
        values=tuple(scaled(result.value) for result in newest),
        usual=scaled(breached.reference_value),
        limit=scaled(limit(breached)),
    )


def storm(results: Sequence[tuple[Result, str]]) -> Table:
    """What fires in one incident and since when, the worst first; what is too much is counted."""
    rows = [
        (name(result), shown(result, result.value), shown(result, limit(result)), since)
        for result, since in results[:MAX_ROWS]
    ]
    if len(results) > MAX_ROWS:
        rows.append((f"and {len(results) - MAX_ROWS} more", "-", "-", "-"))
    return Table(("check", "value", "limit", "since"), tuple(rows))
