"""The rows of one window: inside its bounds, each id once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier

if TYPE_CHECKING:
    from monitoring_pipelines.backends.duckdb.log import Log
    from monitoring_pipelines.domain.window import Window


@dataclass(frozen=True, slots=True)
class Rows:
    """`statement` selects `n_rows` rows, to be used as ``FROM (statement)``.

    `n_duplicates` further rows repeated an id. Of these the earliest is kept, so that a log that
    was written twice is counted once, whatever the order of its rows.
    """

    log: Log
    statement: str
    n_rows: int
    n_duplicates: int


def row_hash(log: Log) -> str:
    """SQL of a number that depends on a row's values alone, not on its place or its file."""
    return f"hash({', '.join(identifier(name) for name in sorted(log.columns))})"


def select_rows(log: Log, window: Window | None, id_column: str | None) -> Rows:
    """Rows of `window`, or of the whole log if it is None."""
    condition = log.time.within(window) if window and log.time else "true"
    statement = f"SELECT * FROM {log.view} AS log WHERE {condition}"
    if id_column is None:
        n_rows = log.query(f"SELECT count(*) FROM ({statement})")[0][0]
        return Rows(log, statement, int(n_rows), 0)
    name = identifier(id_column)
    total, named, distinct = log.query(
        f"SELECT count(*), count({name}), count(DISTINCT {name}) FROM ({statement})",
    )[0]
    repeated = int(named - distinct)
    if repeated:
        time = f"{log.time.instant()}, " if log.time else ""
        statement += (
            f" QUALIFY {name} IS NULL"
            f" OR row_number() OVER (PARTITION BY {name} ORDER BY {time}{row_hash(log)}) = 1"
        )
    return Rows(log, statement, int(total) - repeated, repeated)
