"""`mlmon incidents`: what people work on, what happened to it, what has not been said yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import require_known, root_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

COLUMNS = (
    "id", "model", "cause", "severity", "state", "handled", "opened_window", "resolved_window",
    "title",
)  # fmt: skip


MESSAGE = ("kept", "to", "severity", "title", "says")
EVENT = ("at", "type", "actor", "details")
WHY = ("metric", "column", "segment", "value", "low", "high", "verdict", "reason")
ID = re.compile(r"inc_[0-9a-f]+")


def _said(message: dict[str, Any]) -> dict[str, Any]:
    payload = message["payload"]
    return {
        "kept": message["op"],
        "to": message["destination"],
        "severity": payload["severity"],
        "title": payload["title"],
        "says": f"{payload['what']} {payload['detail']}",
    }


def _happened(connection: Connection, incident: str) -> list[dict[str, Any]]:
    from monitoring_pipelines.store.handling import events

    return [
        {
            "at": event.at,
            "type": event.type,
            "actor": event.actor,
            "details": ", ".join(f"{name} {value}" for name, value in event.payload.items()),
        }
        for event in events(connection, [incident]).get(incident, [])
    ]


def _why(connection: Connection, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Causes of a performance incident in its newest window, those that hold first."""
    from monitoring_pipelines.alerts.explanation import CAUSES
    from monitoring_pipelines.store.history import explaining

    if row["cause"] != "performance":
        return []
    found = explaining(connection, row["model"], [row["last_window"]])
    told = [result for result in found if result.metric in CAUSES]
    newest = max((result.as_of for result in told), default=None)
    told = [result for result in told if result.as_of == newest]
    told.sort(key=lambda r: (r.verdict.rank, r.metric, -abs(r.value or 0.0), r.column))
    return [{name: getattr(result, name) for name in WHY} for result in told]


def _show_one(folder: Path, id_: str, style: str) -> bool:
    """One incident with its events; whether it is open."""
    from monitoring_pipelines.errors import HandlingError
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.handling import handled
    from monitoring_pipelines.store.incidents import one

    with open_store(root_of(folder)).read() as connection:
        row = one(connection, id_)
        events = _happened(connection, id_)
        why = _why(connection, dict(row)) if row else []
    if row is None:
        raise HandlingError(f"There is no incident '{id_}'; `mlmon incidents` lists them.")
    row["handled"] = handled(row)
    if style == "json":
        told = [event | {"at": event["at"].isoformat()} for event in events]
        show([row | {"why": why, "events": told}], style, COLUMNS)
    else:
        show([row], style, COLUMNS)
        if why:
            show(why, style, WHY)
        show(events, style, EVENT)
    return bool(row["state"] == "open")


@click.command()
@click.argument("which", required=False, metavar="[MODEL | ID]")
@click.option("--open", "only_open", is_flag=True, help="Only those that are not resolved.")
@format_option("table", "json")
@click.pass_obj
def incidents(folder: Path, /, which: str | None, only_open: bool, style: str) -> None:  # noqa: FBT001 - a flag of the command line
    """List incidents, newest first, and the messages that wait; with an ID all about that one."""
    if which and ID.fullmatch(which):
        is_open = _show_one(folder, which, style)
    else:
        is_open = _show_all(folder, which, style, only_open=only_open)
    if is_open:
        raise SystemExit(1)


def _show_all(folder: Path, model: str | None, style: str, *, only_open: bool) -> bool:
    """The incidents of one model or of all; whether one is open."""
    from monitoring_pipelines.pipeline.environment import open_store, waiting
    from monitoring_pipelines.pipeline.handling import handled
    from monitoring_pipelines.store import outbox
    from monitoring_pipelines.store.incidents import listed
    from monitoring_pipelines.store.overview import newest_windows

    with open_store(root_of(folder)).read() as connection:
        found = listed(connection, model)
        if model is not None and not found:
            require_known(folder, model, newest_windows(connection))
        told = waiting(connection)
        messages = outbox.pending(connection)
    rows: list[dict[str, Any]] = [row for row in found if row["state"] == "open" or not only_open]
    show([row | {"handled": handled(row)} for row in rows], style, COLUMNS)
    if style == "table":
        click.echo(f"{len(rows)} incidents. {told}.")
        show([_said(message) for message in messages], style, MESSAGE)
    return any(row["state"] == "open" for row in rows)
