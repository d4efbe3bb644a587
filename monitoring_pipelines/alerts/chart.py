"""The course of the metric that fires, and the table of many that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.message import Chart, Table
from monitoring_pipelines.alerts.wording import limit, name, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result

MAX_POINTS = 20
MAX_ROWS = 10


def chart(results: Sequence[Result], settings: AlertSettings) -> Chart | None:
    """Newest windows of one condition; None if fewer than two have a value."""
    newest = sorted(results, key=lambda result: result.window)[-MAX_POINTS:]
    if sum(result.value is not None for result in newest) < 2:  # noqa: PLR2004 - a line needs two
        return None
    last = newest[-1]
    return Chart(
        title=name(last),
        labels=tuple(settings.key(result.window.start) for result in newest),
        values=tuple(result.value for result in newest),
        usual=last.reference_value,
        limit=limit(last),
    )


def storm(results: Sequence[Result]) -> Table:
    """What fires in one incident, the worst first; what is too much is counted."""
    rows = [(name(r), shown(r, r.value), shown(r, r.reference_value)) for r in results[:MAX_ROWS]]
    if len(results) > MAX_ROWS:
        rows.append((f"and {len(results) - MAX_ROWS} more", "-", "-"))
    return Table(("check", "value", "usual"), tuple(rows))
