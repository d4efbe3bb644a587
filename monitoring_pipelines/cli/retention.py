"""`mlmon retention`: what is older than it is to be kept, and its deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.handling import BY
from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import Moment, find_model, find_models, moment, now, root_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from monitoring_pipelines.pipeline.retention import Plan

COLUMNS = ("model", "before", "results", "summaries", "records_before", "records", "why")


@click.command()
@click.argument("model", required=False)
@click.option("--results-before", type=Moment(), help="Windows that ended by this day go.")
@click.option(
    "--records-before", type=Moment(), help="Of windows that ended by this day also the records."
)
@click.option("--apply", "is_applied", is_flag=True, help="Delete, instead of only saying what.")
@click.option("--reason", default="", help="Why; it is kept for ever.")
@BY
@format_option("table", "json")
@click.pass_obj
def retention(folder: Path, /, model: str | None, style: str, **options: Any) -> None:
    """Show what is older than `retention` of MODEL (of every model) keeps it; --apply deletes it.

    Results and summaries go, and of their records the content. Number and hash of a record stay,
    and a checkpoint in the chain says who deleted what and why, so that it still can be verified.
    """
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.handling import By
    from monitoring_pipelines.pipeline.retention import apply, plan

    days: list[date | None] = [options["results_before"], options["records_before"]]
    if any(days) and model is None:
        raise click.UsageError("Days are of one model: name it.")
    if options["is_applied"] and not options["reason"]:
        raise click.UsageError("--apply needs --reason: it stands in the checkpoint.")
    models = [find_model(folder, model)] if model else [*find_models(folder).values()]
    store, at = open_store(root_of(folder)), now()
    plans = [
        plan(one, store, at, *(moment(day, one.config.zone) for day in days)) for one in models
    ]
    if not options["is_applied"]:
        show([_row(one) for one in plans], style, COLUMNS)
        return
    for one in plans:
        click.echo(apply(store, one, options["reason"], By(options["by"], at)).sentence)


def _row(plan: Plan) -> dict[str, Any]:
    return {
        "model": plan.model,
        "before": plan.before,
        "results": plan.found.results,
        "summaries": plan.found.summaries,
        "records_before": plan.records_before,
        "records": len(plan.found.records),
        "why": plan.why,
    }
