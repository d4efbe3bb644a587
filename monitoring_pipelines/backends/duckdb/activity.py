"""Calls or tasks of a window to their `Activity`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.types import category, number
from monitoring_pipelines.summaries.activity import DIGITS, EXACT, Activity, Amounts, counted
from monitoring_pipelines.summaries.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

MAX_PARTS = 50
# of a column with more levels the most frequent are told apart
MAX_LEVELS = 200
# of words more, since one that comes up is not frequent yet
MAX_NAMES = {"term_counts": 1_000}
ALL = "''"


def summarise_activity(
    rows: Rows,
    levels: Sequence[str],
    amounts: Sequence[str],
    parts_by: str | None = None,
    shares: Sequence[str] = (),
    named: Sequence[str] = (),
) -> dict[str, Activity]:
    """Activity of all `rows` under "", or of each value of the column `parts_by` by that value.

    `shares` are columns with a list of ``{name, n, hits}`` each, `named` those with a list of
    ``{name, x}``: an amount for each name, as ``column=name``.

    Columns that the log lacks are left out, and so are negative amounts.
    """
    types = rows.log.columns
    part = category(identifier(parts_by), types[parts_by]) if parts_by else ALL
    order = "count(*) DESC, part"
    counts = rows.log.query(
        f"SELECT {part} AS part, count(*) FROM ({rows.statement}) WHERE part IS NOT NULL "
        f"GROUP BY part ORDER BY {order} LIMIT {MAX_PARTS}"
    )
    counted_levels = {
        name: _levels(rows, part, name) for name in levels if name in types and name != parts_by
    }
    counted_amounts = {name: _amounts(rows, part, name) for name in amounts if name in types}
    for name in named:
        counted_amounts |= _named_amounts(rows, part, name) if name in types else {}
    counted_shares = {name: _shares(rows, part, name) for name in shares if name in types}
    return {
        str(value): Activity(
            int(n),
            {name: found[value] for name, found in counted_levels.items() if value in found},
            {name: found[value] for name, found in counted_amounts.items() if value in found},
            {name: found[value] for name, found in counted_shares.items() if value in found},
        )
        for value, n in counts
    } or ({} if parts_by else {"": Activity(0)})


def answered(rows: Rows) -> Rows:
    """Rows of calls that did not fail; a failed one has no tokens, and no model that served it."""
    if "status" not in rows.log.columns:
        return rows
    return _where(rows, "status IS DISTINCT FROM 'error'")


def having(rows: Rows, name: str) -> Rows:
    """Rows that have a value in the column `name`."""
    return _where(rows, f"{identifier(name)} IS NOT NULL")


def _where(rows: Rows, condition: str) -> Rows:
    statement = f"SELECT * FROM ({rows.statement}) WHERE {condition}"
    (found,) = rows.log.query(f"SELECT count(*) FROM ({statement})")
    return replace(rows, statement=statement, n_rows=int(found[0]))


def told_columns(rows: Rows, names: Sequence[str]) -> list[str]:
    """Those of `names` that have a value in any row."""
    if not names:
        return []
    counts = ", ".join(f"count({identifier(name)})" for name in names)
    found = rows.log.query(f"SELECT {counts} FROM ({rows.statement})")[0]
    return [name for name, n in zip(names, found, strict=True) if n]


def _levels(rows: Rows, part: str, name: str) -> dict[str, dict[str, int]]:
    level = category(identifier(name), rows.log.columns[name])
    found = rows.log.query(
        "SELECT part, level, n FROM (SELECT part, level, count(*) AS n FROM ("
        f"SELECT {part} AS part, {level} AS level FROM ({rows.statement})) "
        "WHERE part IS NOT NULL AND level IS NOT NULL GROUP BY part, level) "
        "QUALIFY row_number() OVER (PARTITION BY part ORDER BY n DESC, level) "
        f"<= {MAX_LEVELS} ORDER BY part, level"
    )
    counts: dict[str, dict[str, int]] = {}
    for value, text, n in found:
        counts.setdefault(value, {})[str(text)] = int(n)
    return counts


def _shares(rows: Rows, part: str, name: str) -> dict[str, dict[str, Selection]]:
    """Sums of the lists in a column by name; of very many names those of the most frequent."""
    found = rows.log.query(
        "SELECT part, one.name, sum(one.n) AS n, sum(one.hits) AS hits FROM ("
        f"SELECT {part} AS part, unnest({identifier(name)}) AS one FROM ({rows.statement})) "
        "WHERE part IS NOT NULL AND one.name IS NOT NULL GROUP BY 1, 2 "
        "QUALIFY row_number() OVER (PARTITION BY part ORDER BY n + hits DESC, one.name) "
        f"<= {MAX_NAMES.get(name, MAX_LEVELS)} ORDER BY 1, 2"
    )
    counts: dict[str, dict[str, Selection]] = {}
    for value, text, n, hits in found:
        counts.setdefault(value, {})[str(text)] = Selection(int(n), int(hits))
    return counts


def _named_amounts(rows: Rows, part: str, name: str) -> dict[str, dict[str, Amounts]]:
    """Amounts in a column of lists, of each of the most frequent names; they may be negative."""
    found = rows.log.query(
        "SELECT part, name, list(x) AS xs, list(n) AS ns FROM ("
        "SELECT part, one.name, one.x, count(*) AS n FROM ("
        f"SELECT {part} AS part, unnest({identifier(name)}) AS one FROM ({rows.statement})) "
        "WHERE part IS NOT NULL AND isfinite(one.x) GROUP BY 1, 2, 3) GROUP BY 1, 2 "
        "QUALIFY row_number() OVER (PARTITION BY part ORDER BY sum(n) DESC, name) "
        f"<= {MAX_LEVELS} ORDER BY 1, 2"
    )
    amounts: dict[str, dict[str, Amounts]] = {}
    for value, one, xs, ns in found:
        x, n = np.asarray(xs, dtype=np.float64), np.asarray(ns, dtype=np.int64)
        told = Amounts(*counted(x, n), float(n @ x), float(n @ x**2))
        amounts.setdefault(f"{name}={one}", {})[str(value)] = told
    return amounts


def _amounts(rows: Rows, part: str, name: str) -> dict[str, Amounts]:
    value = number(identifier(name), rows.log.columns[name])
    base = f"SELECT {part} AS part, {value} AS x FROM ({rows.statement})"
    kept, source = "x", f"({base})"
    if rows.n_rows > EXACT:  # what is rounded here need not leave the engine
        scale = f"pow(10, {DIGITS - 1} - floor(log10(x)))"
        kept = f"CASE WHEN k <= {EXACT} OR x = 0 THEN x ELSE round(x * {scale}) / {scale} END"
        source = f"({base}) JOIN (SELECT part, count(DISTINCT x) AS k FROM ({base}) "
        source += "WHERE x >= 0 GROUP BY part) USING (part)"
    found = rows.log.arrays(
        "SELECT part, v, count(*) AS n, fsum(x) AS total, fsum(x * x) AS squares FROM ("
        f"SELECT part, x, {kept} AS v FROM {source} WHERE part IS NOT NULL AND x >= 0) "
        "GROUP BY part, v ORDER BY part, v"
    )
    parts = np.ma.filled(found["part"].astype(object), "")
    result = {}
    for value_ in dict.fromkeys(parts.tolist()):
        at = parts == value_
        v, n, total, squares = (
            np.ma.getdata(found[key])[at] for key in ("v", "n", "total", "squares")
        )
        result[str(value_)] = Amounts(
            *counted(v.astype(np.float64), n.astype(np.int64)),
            float(total.astype(np.float64).sum()),
            float(squares.astype(np.float64).sum()),
        )
    return result
