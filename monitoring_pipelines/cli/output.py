"""Rows for people, for programs and for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from monitoring_pipelines.domain.result import Result

Command = TypeVar("Command", bound="Callable[..., Any]")
COLOURS = {
    "ok": "green",
    "warn": "yellow",
    "fail": "bold red",
    "unknown": "dim",
    "open": "bold red",
}


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Give a command the option ``--format``."""
    return click.option("--format", "style", type=click.Choice(formats), default=formats[0])


def row(result: Result) -> dict[str, Any]:
    """A result as the table `results` has it."""
    fields = asdict(result)
    window = fields.pop("window")
    return {
        "model": fields.pop("model"),
        "window_start": window["start"],
        "window_end": window["end"],
        **fields,
    }


def show(
    rows: Sequence[Mapping[str, Any]], style: str, columns: Sequence[str], out: Path | None = None
) -> None:
    """Print `rows`; a table shows only `columns`, the other styles everything."""
    if style == "table":
        if rows:
            _print_table(rows, columns)
        return
    if style == "parquet":
        _write_parquet(rows, out)
        return
    text = json.dumps([_plain(r) for r in rows], indent=1) + "\n" if style == "json" else _csv(rows)
    if out is not None:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        right = name in {"value", "reference_value", "n", "low", "high"}
        is_time = any(isinstance(fields[name], datetime) for fields in rows)
        heading = f"{name} (UTC)" if is_time else name
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for fields in rows:
        # Text, not markup: names of columns and segments come from data
        table.add_row(*(_cell(fields[name]) for name in columns))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)


def _cell(value: Any) -> Text:
    if isinstance(value, datetime):
        return Text(f"{value.astimezone(UTC):%Y-%m-%d %H:%M}".removesuffix(" 00:00"))
    if isinstance(value, float):
        return Text(f"{value:.4g}")
    text = "" if value is None else str(value)
    return Text(text, style=COLOURS.get(text, ""))


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in fields.items()}


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    buffer = io.StringIO()
    if rows:
        writer = csv.DictWriter(buffer, list(rows[0]))
        writer.writeheader()
        writer.writerows(_plain(fields) for fields in rows)
    return buffer.getvalue()


def _write_parquet(rows: Sequence[Mapping[str, Any]], out: Path | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if out is None:
        raise click.UsageError("Parquet is not for a terminal: give --out FILE.parquet")
    pq.write_table(pa.Table.from_pylist([dict(fields) for fields in rows]), out)
