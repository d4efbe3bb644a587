"""Texts that may hold something; the engine leaves out all others, and every text comes once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

BATCH = 1_000


def count_texts(rows: Rows, column: str) -> int:
    """Rows with a text."""
    return int(rows.log.query(f"SELECT count({identifier(column)}) FROM ({rows.statement})")[0][0])


def candidates(
    rows: Rows, column: str, hint: str, beside: Sequence[str] = ()
) -> Iterator[tuple[str, tuple[str | None, ...], int]]:
    """Texts that match `hint` (RE2), what stands `beside` them, and how many rows are so.

    Nothing else may be asked of the connection before the last one has been taken.
    """
    names = [identifier(name) for name in (column, *beside)]
    texts = ", ".join(f"{name}::VARCHAR AS c{i}" for i, name in enumerate(names))
    statement = (
        f"SELECT *, count(*) FROM (SELECT {texts} FROM ({rows.statement})) "
        "WHERE regexp_matches(c0, ?) GROUP BY ALL"
    )
    with readable(rows.log.location):
        found = rows.log.connection.execute(statement, [hint])
        while batch := found.fetchmany(BATCH):
            for text, *others, count in batch:
                yield text, tuple(others), int(count)
