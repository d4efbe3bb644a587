"""`mlmon replay`: which alerts a history would have given, and whether they were right."""

from __future__ import annotations

import math
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import Moment, find_model, moment, now
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, timedelta
    from pathlib import Path

    from monitoring_pipelines.alerts.propose import Proposal
    from monitoring_pipelines.alerts.replay import Alert
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model

COLUMNS = ("told_at", "cause", "severity", "ending", "first", "last", "labels", "feedback", "what")


@click.command()
@click.argument("model")
@click.option("--from", "start", type=Moment(), help="First day; by default of monitoring.")
@click.option("--to", "end", type=Moment(), help="Day after the last one.")
@click.option("--breaches", type=click.IntRange(1), help="Instead of `alerts.breaches`.")
@click.option("--of", type=click.IntRange(1, 30), help="Instead of `alerts.of`.")
@click.option("--clear", type=click.IntRange(1), help="Instead of `alerts.clear`.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0, min_open=True),
    help="Instead of `performance.tolerance`.",
)
@format_option("table", "json")
@click.pass_obj
def replay(
    folder: Path,
    /,
    model: str,
    start: date | None,
    end: date | None,
    style: str,
    tolerance: float | None,
    **policy: int | None,
) -> None:
    """Go through the history of MODEL by its policy of now, or a changed one.

    Nothing is stored or sent. Verdicts that were stored under another configuration are judged
    again from the log.
    """
    from monitoring_pipelines.alerts.propose import propose
    from monitoring_pipelines.alerts.replay import replay as alerts_of
    from monitoring_pipelines.pipeline.environment import alert_settings, open_store
    from monitoring_pipelines.pipeline.replaying import with_feedback

    found = _changed(find_model(folder, model), tolerance, policy)
    at, zone, store = now(), found.config.zone, open_store(found.root)
    windows = found.windows(moment(start, zone), moment(end, zone), at)
    if not windows:
        raise ConfigError(f"No window of '{model}' lies in that period.")
    results, source = _history(found, windows, at)
    settings, primary = alert_settings(found), found.config.primary_metric
    alerts = with_feedback(found, store, alerts_of(results, settings, primary))
    show([_row(alert, settings.key(alert.opened), settings.key(alert.last)) for alert in alerts],
         style, COLUMNS)  # fmt: skip
    if style == "table":
        click.echo(_summary(model, windows, alerts, source))
        best = propose(results, settings, primary, alerts)
        click.echo(_proposal(alerts, best, results, primary))
    if any(alert.ending == "open" for alert in alerts):
        raise SystemExit(1)


def _changed(model: Model, tolerance: float | None, policy: dict[str, int | None]) -> Model:
    """`model` with what was given instead of its own configuration."""
    config = model.config
    given = {name: value for name, value in policy.items() if value is not None}
    alerts = config.alerts.model_copy(update=given)
    alerts.check()
    performance = config.performance
    if tolerance is not None:
        if not math.isfinite(tolerance):  # which click lets pass
            raise ConfigError(f"'--tolerance' is {tolerance}; give a number above 0.")
        performance = performance.model_copy(update={"tolerance": tolerance})
    update = {"alerts": alerts, "performance": performance}
    return changed(model, config=config.model_copy(update=update))


def _history(model: Model, windows: Sequence[Window], at: datetime) -> tuple[Sequence[Result], str]:
    from rich.progress import track

    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.replaying import judged_again, stored_history

    results = stored_history(model, open_store(model.root), windows)
    if results is not None:
        return results, "stored verdicts"
    steps = track(windows, description=model.name, transient=True)
    return judged_again(model, steps, at), "windows judged again"


def _row(alert: Alert, first: str, last: str) -> dict[str, Any]:
    return {
        "told_at": alert.told_at,
        "cause": alert.cause.value,
        "severity": alert.severity.value,
        "ending": alert.ending.value,
        "first": first,
        "last": last,
        "labels": str(alert.labels),
        "feedback": (alert.feedback or "").replace("_", " "),
        "what": alert.what,
    }


def _summary(model: str, windows: Sequence[Window], alerts: Sequence[Alert], source: str) -> str:
    span: timedelta = windows[-1].end - windows[0].start
    weeks = span.total_seconds() / (7 * 86_400)
    right = sum(alert.was_right is True for alert in alerts)
    wrong = sum(alert.was_right is False for alert in alerts)
    rate = f"{len(alerts) / weeks:.2g} a week; " if weeks >= 1 else ""
    told = "1 alert" if len(alerts) == 1 else f"{len(alerts)} alerts"
    return (
        f"{len(windows)} windows of {model} ({source}): {told}, {rate}"
        f"{right} right, {wrong} wrong, {len(alerts) - right - wrong} that nobody judged"
    )


def _proposal(
    alerts: Sequence[Alert], best: Proposal | None, results: Sequence[Result], primary: str
) -> str:
    wrong = sum(alert.was_right is False for alert in alerts)
    if not wrong:
        return "No change is proposed: no alert is known to be wrong."
    if best is None:
        return "No change is proposed: none spares a wrong alert and keeps all that were right."
    lines = [f"alerts: {{breaches: {best.policy.breaches}, of: {best.policy.of}}}"]
    if best.factor > 1:
        value = best.factor * _tolerance(results, primary)
        lines.append(f"performance: {{tolerance: {value:.3g}}}")
    return (
        f"Proposed: {' and '.join(lines)}: {best.n} alerts instead of {len(alerts)}, "
        f"{best.n_wrong} wrong instead of {wrong}, and none that was right is lost."
    )


def _tolerance(results: Sequence[Result], primary: str) -> float:
    """Tolerance of the primary metric as the configuration has it: for some a share."""
    from monitoring_pipelines.metrics import PERFORMANCE, SIGNALS

    metric = PERFORMANCE[primary] if primary in PERFORMANCE else SIGNALS[primary]
    for result in results:
        if result.metric == primary and result.tolerance and result.reference_value:
            is_share = metric.relative
            return result.tolerance / (abs(result.reference_value) if is_share else 1)
    return metric.tolerance
