"""`mlmon incidents`: what people work on, and what has not been said yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import root_of

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "id", "model", "cause", "severity", "state", "handled", "opened_window", "resolved_window",
    "title",
)  # fmt: skip


MESSAGE = ("kept", "to", "severity", "title", "says")


def _said(message: dict[str, Any]) -> dict[str, Any]:
    payload = message["payload"]
    return {
        "kept": message["op"],
        "to": message["destination"],
        "severity": payload["severity"],
        "title": payload["title"],
        "says": f"{payload['what']} {payload['detail']}",
    }


def _handled(row: dict[str, Any]) -> str:
    """What people did about it, in a word and a name."""
    if row["feedback"]:
        return str(row["feedback"]).replace("_", " ")
    if row["acknowledged_by"]:
        return f"acknowledged by {row['acknowledged_by']}"
    if row["silenced_until"]:
        return "silenced"
    return f"explained by {row['inhibited_by']}" if row["inhibited_by"] else ""


@click.command()
@click.argument("model", required=False)
@click.option("--open", "only_open", is_flag=True, help="Only those that are not resolved.")
@format_option("table", "json")
@click.pass_obj
def incidents(folder: Path, /, model: str | None, only_open: bool, style: str) -> None:  # noqa: FBT001 - a flag of the command line
    """List incidents, newest first, and the messages that wait."""
    from monitoring_pipelines.pipeline.environment import open_store, waiting
    from monitoring_pipelines.store import outbox
    from monitoring_pipelines.store.incidents import listed

    with open_store(root_of(folder)).read() as connection:
        found = listed(connection, model)
        told = waiting(connection)
        messages = outbox.pending(connection)
    rows: list[dict[str, Any]] = [row for row in found if row["state"] == "open" or not only_open]
    show([row | {"handled": _handled(row)} for row in rows], style, COLUMNS)
    if style == "table":
        click.echo(f"{len(rows)} incidents. {told}.")
        show([_said(message) for message in messages], style, MESSAGE)
    if any(row["state"] == "open" for row in rows):
        raise SystemExit(1)
