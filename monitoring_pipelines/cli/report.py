"""`mlmon report`: one page about one model, in a file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import Moment, find_model, moment, now

if TYPE_CHECKING:
    from datetime import date

COLUMNS = ("model", "file", "from", "to", "windows", "verdict", "open_incidents", "bytes")


@click.command()
@click.argument("model")
@click.option("--from", "start", type=Moment(), help="First day; by default the last 366 windows.")
@click.option("--to", "end", type=Moment(), help="Day after the last one.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write, such as churn.html; one that is there is replaced.",
)
@format_option("table", "json")
@click.pass_obj
def report(
    folder: Any, /, model: str, start: date | None, end: date | None, out: Path, style: str
) -> None:
    """Write a page about MODEL: is it healthy, what changed and why, and what is watched.

    It is made of what is stored, so run the windows first. The exit code is 0 once it is written,
    whatever it says.
    """
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.report import make_report, n_windows, write_page

    found = find_model(folder, model)
    zone = found.config.zone
    store = open_store(found.root)
    made = make_report(found, store, moment(start, zone), moment(end, zone), now())
    content, health = made.content, made.page.health
    n_bytes = write_page(made.page.html, out)
    told = {
        "model": model,
        "file": str(out),
        "from": content.due[0].start,
        "to": content.due[-1].end,
        "windows": n_windows(content),
        "verdict": health.verdict.value,
        "open_incidents": sum(one["state"] == "open" for one in content.incidents),
        "bytes": n_bytes,
    }
    if style == "json":
        show([told], style, COLUMNS)
    else:
        click.echo(
            f"{out}: {model}, {told['windows']} windows, {n_bytes / 1000:,.0f} kB. "
            f"{health.word}. {health.sentence}"
        )
