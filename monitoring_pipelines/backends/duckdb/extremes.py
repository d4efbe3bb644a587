"""The largest of a window: of its users, keys, gaps and groups of rows. One number each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.types import number
from monitoring_pipelines.domain.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitoring_pipelines.backends.duckdb.rows import Rows

# statuses and codes by which providers and gateways refuse
DENIED = (
    "(?i)^(401|403)(\\.0)?$|denied|unauthori[sz]ed|forbidden|permission|authentication"
    "|validationexception|invalid_api_key"
)
# a cell of the grid on which rows count as nearly the same is half a standard deviation wide
CELL = 0.5


def largest_count(rows: Rows, by: str) -> float | None:
    """Rows of the value of `by` that has most; None if no row has one."""
    return _largest(rows, "count(*)", by)


def largest_sum(rows: Rows, by: str, amount: str) -> float | None:
    """Sum of `amount` of the value of `by` that has most; None if no row has both."""
    value = number(identifier(amount), rows.log.columns[amount])
    return _largest(rows, f"sum({value})", by)


def largest_variety(rows: Rows, by: str, of: str) -> float | None:
    """Different values of `of` beside the value of `by` that has most; None if no row has one."""
    return _largest(rows, f"count(DISTINCT {identifier(of)})", by)


def largest_denied(rows: Rows, by: str, status: str) -> float:
    """Refused rows within one hour of the value of `by` that has most."""
    assert rows.log.time is not None  # noqa: S101 - of a prediction log
    hour = f"date_trunc('hour', {rows.log.time.instant()})"
    found = rows.log.query(
        f"SELECT max(x) FROM (SELECT count(*) AS x FROM ({rows.statement}) "
        f"WHERE {identifier(by)} IS NOT NULL AND "
        f"regexp_matches({identifier(status)}::VARCHAR, ?) GROUP BY {identifier(by)}, {hour})",
        [DENIED],
    )
    return float(found[0][0] or 0)


def longest_gap(rows: Rows, start: datetime, end: datetime) -> float:
    """Seconds without a row between `start` and `end`, the longest."""
    assert rows.log.time is not None  # noqa: S101 - of a prediction log
    at = rows.log.time.instant()
    found = rows.log.query(
        "SELECT max(epoch(t) - epoch(before)) FROM (SELECT t, lag(t) OVER (ORDER BY t) AS before "
        f"FROM (SELECT {at} AS t FROM ({rows.statement}) UNION ALL SELECT ?::TIMESTAMPTZ "
        "UNION ALL SELECT ?::TIMESTAMPTZ))",
        [start, end],
    )
    return float(found[0][0] or 0)


def missing_numbers(rows: Rows, sequence: str) -> float:
    """Numbers between the least and the greatest of a `sequence` that no row has."""
    value = number(identifier(sequence), rows.log.columns[sequence])
    found = rows.log.query(
        f"SELECT max(x) - min(x) + 1 - count(DISTINCT x) FROM (SELECT {value} AS x "
        f"FROM ({rows.statement})) WHERE x IS NOT NULL"
    )
    return max(0.0, float(found[0][0] or 0))


def largest_group(rows: Rows, columns: Sequence[str]) -> float:
    """Rows of the largest group that is equal in all `columns`.

    Rows that lack a value in one of them are left out: what is not delivered any more makes rows
    equal. A column without any value does not count.
    """
    counts = ", ".join(f"count({identifier(name)})" for name in columns)
    filled = rows.log.query(f"SELECT {counts} FROM ({rows.statement})")[0]
    names = [identifier(name) for name, n in zip(columns, filled, strict=True) if n]
    if not names:
        return 0.0
    whole = " AND ".join(f"{name} IS NOT NULL" for name in names)
    found = rows.log.query(
        f"SELECT max(x) FROM (SELECT count(*) AS x FROM ({rows.statement}) WHERE {whole} "
        f"GROUP BY hash({', '.join(names)}))"
    )
    return float(found[0][0] or 0)


def largest_neighbourhood(rows: Rows, by: str, columns: Sequence[str]) -> float:
    """Different rows of one value of `by` that lie in one cell of a grid over numeric `columns`."""
    values = {name: number(identifier(name), rows.log.columns[name]) for name in columns}
    widths = ", ".join(f"{CELL} * nullif(stddev_pop({value}), 0)" for value in values.values())
    statement = f"SELECT {widths} FROM ({rows.statement})"
    steps = rows.log.query(statement)[0]
    cells = [
        f"floor(({value}) / {step!r})"
        for value, step in zip(values.values(), steps, strict=True)
        if step is not None
    ]
    if not cells:
        return 0.0
    raw = ", ".join(values.values())
    key = f"{identifier(by)} AS who, hash({', '.join(cells)}) AS cell, hash({raw}) AS row"
    found = rows.log.query(
        f"SELECT max(x) FROM (SELECT count(DISTINCT row) AS x FROM (SELECT {key} "
        f"FROM ({rows.statement})) WHERE who IS NOT NULL GROUP BY who, cell)"
    )
    return float(found[0][0] or 0)


def first_seen(
    rows: Rows, by: str, address: str | None, window: Window, since: datetime
) -> float | None:
    """Values of `by`, with their network if there is an `address`, that are new `since` then.

    The network of an IPv4 address is its first three numbers. None if the log has no row before
    the window, so that everybody would be new.
    """
    log = rows.log
    assert log.time is not None  # noqa: S101 - of a prediction log
    at, who = log.time.instant(), identifier(by)
    network = (
        f"regexp_replace({identifier(address)}::VARCHAR, '[.][0-9*]+$', '')" if address else "''"
    )
    found = log.query(
        "SELECT count(*) FILTER (first >= ?), count(*) FILTER (first < ?) FROM "
        f"(SELECT min({at}) AS first FROM {log.view} AS log WHERE "
        f"{log.time.within(Window(since, window.end))} AND {who} IS NOT NULL "
        f"GROUP BY {who}, {network})",
        [window.start, window.start],
    )
    new, known = found[0]
    return float(new) if known else None


def _largest(rows: Rows, amount: str, by: str) -> float | None:
    """The largest `amount`, an aggregate in SQL, of the values of `by`; None if it has none."""
    name = identifier(by)
    found = rows.log.query(
        f"SELECT max(x) FROM (SELECT {amount} AS x FROM ({rows.statement}) "
        f"WHERE {name} IS NOT NULL GROUP BY {name})"
    )
    return None if found[0][0] is None else float(found[0][0])
