"""`mlmon outbox`: messages that wait or were given up, and another try of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import root_of

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "id", "state", "destination", "incident_id", "op", "attempts", "created_at", "next_at",
    "last_error",
)  # fmt: skip


@click.group(invoke_without_command=True)
@format_option("table", "json")
@click.pass_context
def outbox(context: click.Context, /, style: str) -> None:
    """List messages that wait or were given up; 1 if somebody has to act."""
    if context.invoked_subcommand is not None:
        return
    from monitoring_pipelines.pipeline.environment import delivery_state, open_store
    from monitoring_pipelines.store import stuck

    store = open_store(root_of(context.obj))
    with store.read() as connection:
        rows = stuck.unsent(connection)
    state = delivery_state(store)
    show(rows, style, COLUMNS)
    if style == "table":
        click.echo(f"{state.sentence}.")
    if not state.works:
        raise SystemExit(1)


@outbox.command()
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@click.pass_obj
def retry(folder: Path, /, ids: tuple[int, ...]) -> None:
    """Try once more what was given up, all or some, and what is blocked."""
    from monitoring_pipelines.pipeline.environment import deliver, open_store, sentence
    from monitoring_pipelines.store import stuck

    store = open_store(root_of(folder))
    with store.write() as connection:
        done = stuck.retry(connection, datetime.now(UTC), ids)
    told = f"; {done.outdated} dropped, since newer ones were said" if done.outdated else ""
    click.echo(f"{done.again} message(s) queued again{told}.")
    report = deliver(store)
    click.echo(f"{sentence(report)}.")
    if report.dead or report.blocked:
        raise SystemExit(1)
