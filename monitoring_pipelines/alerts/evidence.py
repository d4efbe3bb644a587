"""The numbers behind an incident's message, for its thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.compose import compose
from monitoring_pipelines.alerts.message import AlertMessage, Table
from monitoring_pipelines.alerts.wording import name, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.compose import History
    from monitoring_pipelines.alerts.incident import Incident
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result

MAX_CONDITIONS = 5
MAX_WINDOWS = 7
COLUMNS = ("check", "window", "value", "usual", "interval", "rows", "verdict")


def evidence(incident: Incident, history: History, settings: AlertSettings) -> AlertMessage:
    """The newest windows of the conditions that fire, in a table."""
    rows = []
    for fingerprint in list(incident.current)[:MAX_CONDITIONS]:
        rows += [_row(result, settings) for result in _newest(history[fingerprint])]
    return replace(
        compose(incident, history, settings),
        what="Evidence.",
        detail=f"The last {MAX_WINDOWS} windows of what fires.",
        facts=(),
        steps=(),
        links=(),
        chart=None,
        table=Table(COLUMNS, tuple(rows)),
        has_buttons=False,
    )


def _newest(results: Sequence[Result]) -> Sequence[Result]:
    return sorted(results, key=lambda result: result.window)[-MAX_WINDOWS:]


def _row(result: Result, settings: AlertSettings) -> tuple[str, ...]:
    interval = "-"
    if result.low is not None and result.high is not None:
        interval = f"{shown(result, result.low)} to {shown(result, result.high)}"
    return (
        name(result),
        settings.key(result.window.start),
        shown(result, result.value),
        shown(result, result.reference_value),
        interval,
        f"{result.n:,}",
        result.verdict,
    )
