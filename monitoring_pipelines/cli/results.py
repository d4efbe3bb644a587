"""`mlmon results`: the decision table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, row, show
from monitoring_pipelines.cli.project import (
    Moment,
    find_models,
    moment,
    require_known,
    root_of,
)
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

COLUMNS = (
    "window_start", "metric", "column", "segment", "value", "low", "high", "n", "reference_value",
    "verdict", "status", "reason",
)  # fmt: skip


@click.command()
@click.argument("model")
@click.option("--from", "start", type=Moment(), help="First day.")
@click.option("--to", "end", type=Moment(), help="Day after the last one.")
@click.option("--metric", help="Only this metric, such as roc_auc.")
@click.option("--column", help="Only this column.")
@click.option("--segment", help="Only this segment, as column=value.")
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice([verdict.value for verdict in Verdict]),
    help="Only this verdict; can be given several times.",
)
@click.option(
    "--status",
    type=click.Choice([status.value for status in Status]),
    help="Only numbers of this status.",
)
@click.option("--history", is_flag=True, help="Also the numbers that labels replaced.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@format_option("table", "json", "csv", "parquet")
@click.pass_obj
def results(folder: Any, /, model: str, style: str, out: Path | None, **options: Any) -> None:
    """Show the stored results of MODEL."""
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.store.overview import newest_windows
    from monitoring_pipelines.store.results import read

    days = [options.pop(name) for name in ("start", "end")]
    zone = _zone(folder, model) if any(days) else None
    start, end = (moment(day, zone) for day in days)
    latest, verdicts = not options.pop("history"), options.pop("verdicts")
    with open_store(root_of(folder)).read() as connection:
        found = read(connection, model=model, start=start, end=end, latest=latest, **options)
        require_known(folder, model, newest_windows(connection))
    found = [result for result in found if not verdicts or result.verdict in verdicts]
    if not found:
        click.echo(
            f"mlmon: no results of '{model}' match; `mlmon run {model}` makes some.", err=True
        )
    show([row(result) for result in found], style, COLUMNS, out)


def _zone(folder: Path, model: str) -> ZoneInfo | None:
    """Zone in which the days of a model are meant; None of one that is no more in the project."""
    models = find_models(folder)
    return models[model].config.zone if model in models else None
