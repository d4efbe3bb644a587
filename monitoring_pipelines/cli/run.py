"""`mlmon run`: the windows of a period, by the same pipeline as the assets."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.alerts.links import COMMAND_LINE
from monitoring_pipelines.cli.output import format_option, row, show
from monitoring_pipelines.cli.project import Moment, find_model, moment, now
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date, datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model

COLUMNS = (
    "window_start",
    "windows",
    "metric",
    "column",
    "segment",
    "value",
    "reference_value",
    "n",
    "verdict",
    "status",
    "reason",
)


@click.command()
@click.argument("model")
@click.option(
    "--from", "start", type=Moment(), help="First day; by default the start of monitoring."
)
@click.option("--to", "end", type=Moment(), help="Day after the last one.")
@format_option("table", "json")
@click.pass_obj
def run(folder: Any, model: str, start: date | None, end: date | None, style: str) -> None:
    """Run the windows of MODEL and print what is not ok."""
    found = find_model(folder, model)
    at = now()
    zone = found.config.zone
    windows = found.windows(moment(start, zone), moment(end, zone), at)
    if not windows:
        last = f" to {found.config.last:%Y-%m-%d}" if found.config.last else ""
        raise ConfigError(
            f"No window of '{model}' lies in that period; it is monitored from "
            f"{found.config.first:%Y-%m-%d}{last}."
        )
    results = _counting(_run(found, windows, at))
    bad = [result for result in results if result.verdict is not Verdict.OK]
    if style == "json":
        show([row(result) for result in results], style, COLUMNS)
    else:
        show(_latest(bad), style, COLUMNS if len(windows) > 1 else [*COLUMNS[:1], *COLUMNS[2:]])
        counts = {verdict: sum(r.verdict is verdict for r in results) for verdict in Verdict}
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
        click.echo(f"{len(windows)} windows of {model}: {told}")
        if len(windows) > 1 and len(bad) > counts[Verdict.FAIL]:
            click.echo(f"Every window: mlmon results {model} --verdict warn")
    if any(result.verdict is Verdict.FAIL for result in results):
        raise SystemExit(1)


def _latest(bad: list[Result]) -> list[dict[str, Any]]:
    """Every failure; of what else was found in several windows the latest, and in how many."""
    found: dict[object, list[Result]] = {}
    for result in sorted(bad, key=lambda result: result.window.start):
        what = (result.metric, result.column, result.segment, result.verdict)
        place = result.window if result.verdict is Verdict.FAIL else None
        found.setdefault((*what, place), []).append(result)
    order = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)
    return sorted(
        ({**row(results[-1]), "windows": len(results)} for results in found.values()),
        key=lambda fields: order.index(fields["verdict"]),
    )


def _counting(results: list[Result]) -> list[Result]:
    """Leave out estimates whose number has a verdict on labels, as incidents do."""
    realised = {
        (r.window, r.segment, r.metric)
        for r in results
        if r.status is not Status.ESTIMATED and r.verdict is not Verdict.UNKNOWN
    }
    return [
        r
        for r in results
        if r.status is not Status.ESTIMATED or (r.window, r.segment, r.metric) not in realised
    ]


def _run(model: Model, windows: list[Window], at: datetime) -> list[Result]:
    from rich.progress import track

    from monitoring_pipelines.expectations.suite import load_suite
    from monitoring_pipelines.pipeline.environment import flush_alerts, open_store
    from monitoring_pipelines.pipeline.governance import govern
    from monitoring_pipelines.pipeline.parts import PARTS
    from monitoring_pipelines.pipeline.run import Monitor
    from monitoring_pipelines.pipeline.security import Guard

    config, run_id = model.config, f"{COMMAND_LINE}{uuid.uuid4().hex[:12]}"
    suite = (
        load_suite(config.expectations, model.folder) if config.expectations is not None else None
    )
    results: list[Result] = []
    store = open_store(model.root)
    with ExitStack() as stack:
        monitor = stack.enter_context(Monitor.open(model, store, now=at, run_id=run_id))
        guard = None
        if config.security.is_on:
            guard = stack.enter_context(Guard.open(model, store, at, run_id))
        for window in track(windows, description=config.name, transient=True):
            reports = [monitor.at_once(window, PARTS, suite)]
            if config.labels is not None:
                reports.append(monitor.performance(window))
            results += [r for report in reports for part in report.results.values() for r in part]
            if guard is not None:
                results += guard.watch(window).results
            if config.governance.is_on:
                results += govern(model, store, [window], run_id)[window].results
    flush_alerts(model, store, at, run_id, lambda text: click.echo(f"mlmon: {text}", err=True))
    return results
