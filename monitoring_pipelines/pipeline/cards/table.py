"""A plain table of models, one row each, as inventories in spreadsheets are: CSV with a header."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import ConfigError, suggestion
from monitoring_pipelines.pipeline.cards.document import read_text
from monitoring_pipelines.pipeline.cards.draft import Draft, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMES = ("name", "model", "model_name", "model_id")
# what inventories call what the card calls otherwise
SYNONYMS = {
    "backup": "deputy",
    "backup_owner": "deputy",
    "developer": "authors",
    "developers": "authors",
    "author": "authors",
    "intended_use": "purpose",
    "use": "purpose",
    "description": "purpose",
    "risk_tier": "tier",
    "out_of_scope": "prohibited_uses",
    "last_review": "review",
    "last_reviewed": "review",
    "review_date": "review",
    "contact": "incident_contact",
    "training_date": "trained_on",
    "retirement_date": "retires_on",
}
LISTS = ("authors", "prohibited_uses")
TEXTS = ("deputy", "purpose", "incident_contact", "monitoring_plan")
DATES = ("trained_on", "retires_on")


def read_table(path: Path, name: str | None = None) -> Draft:
    """The row of the model `name`, or the only one; raises a `ConfigError` with file and line."""
    header, rows = _rows(path)
    line, row = _row_of(path, header, rows, name)
    draft = Draft(f"{path}, line {line}")
    for column, value in zip(header, row, strict=True):
        _fill(draft, column, value.strip())

    def fault(place: Sequence[str | int], told: str) -> ConfigError:
        del place
        return ConfigError(f"{path}:{line}: {told}")

    draft.check(fault)
    return draft


def _rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = read_text(path)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        header = [_key(column) for column in next(reader, [])]
        for row in reader:
            if any(map(str.strip, row)):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ConfigError(f"{path}:{reader.line_num}: it is no CSV: {error}.") from None
    for line, row in rows:
        if len(row) != len(header):
            raise ConfigError(
                f"{path}:{line}: it has {len(row)} values, and the header names {len(header)}."
            )
    if not rows:
        raise ConfigError(f"{path}:1: it has no row below its header.")
    return header, rows


def _key(column: str) -> str:
    plain = re.sub(r"\W+", "_", column.strip().lower()).strip("_")
    return SYNONYMS.get(plain, plain)


def _row_of(
    path: Path, header: list[str], rows: list[tuple[int, list[str]]], name: str | None
) -> tuple[int, list[str]]:
    place = next((header.index(column) for column in NAMES if column in header), None)
    if name is None:
        if len(rows) > 1:
            raise ConfigError(f"{path}: it has {len(rows)} rows; say with --name which model.")
        return rows[0]
    if place is None:
        raise ConfigError(f"{path}:1: no column is named {', '.join(NAMES[:-1])} or {NAMES[-1]}.")
    found = [(line, row) for line, row in rows if row[place].strip() == name]
    if not found:
        known = [row[place].strip() for _, row in rows]
        raise ConfigError(f"{path}: no row is of '{name}'. {suggestion(name, known)}")
    if len(found) > 1:
        raise ConfigError(
            f"{path}:{found[1][0]}: '{name}' has a row in line {found[0][0]} already."
        )
    return found[0]


def _fill(draft: Draft, column: str, value: str) -> None:
    if not value:
        return
    filled: Any = None
    if column in TEXTS:
        filled = sentence(value)
    elif column in LISTS:
        filled = [sentence(part) for part in re.split(r"[;|]", value) if part.strip()]
    elif column == "tier":
        # a number stays one; any other text is refused by the card itself
        filled = int(value) if value.isdecimal() else value
    elif column in DATES:
        filled = value
    elif column == "review":
        filled = {"last": value}
    if filled is None or column in draft.filled:
        draft.notes.append(f"{column}: {value}")
    else:
        draft.filled[column] = filled
