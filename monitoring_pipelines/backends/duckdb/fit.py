"""Bins and levels of every column, fitted once on the reference period and then frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.rows import row_hash
from monitoring_pipelines.backends.duckdb.types import category, digest, family, number
from monitoring_pipelines.summaries.binning import Binning, ColumnBinning, quantile_edges
from monitoring_pipelines.summaries.column import ColumnKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

PERCENTILES = tuple(i / 100 for i in range(1, 100))
MAX_LEVELS = 1_000
# a whole number with so few values is a code (a month, a grade), not a quantity
MAX_CODES = 30
# from here on whole numbers that never repeat are names, not a quantity; see `_never_repeats`
MIN_NAMES, EXPECTED_PAIRS = 200, 10
# enough for percentiles that are good to a tenth of a per cent; more only costs memory
MAX_FIT_ROWS = 2_000_000


def fit_binning(
    rows: Rows,
    columns: Sequence[str],
    numeric: Collection[str],
    categorical: Collection[str],
    named: Collection[str] = (),
) -> Binning:
    """Bins for `columns`; `numeric` and `categorical` override what the types suggest.

    Of columns whose values mostly occur once, but for the `named` ones, digests are kept.
    """
    fitted = {}
    for name in columns:
        dtype = family(rows.log.columns[name])
        if _is_number(rows, name, dtype, numeric, categorical):
            fitted[name] = _fit_number(rows, name, dtype)
        else:
            fitted[name] = _fit_levels(rows, name, dtype, may_hash=name not in named)
    return Binning(fitted)


def usable(dtype: str) -> bool:
    """Whether a column of this DuckDB type can be a feature."""
    return family(dtype) in {"integer", "float", "text", "boolean"}


def _is_number(
    rows: Rows, name: str, dtype: str, numeric: Collection[str], categorical: Collection[str]
) -> bool:
    if name in numeric or name in categorical:
        return name in numeric
    if dtype != "integer":
        return dtype == "float"
    column = identifier(name)
    distinct = rows.log.query(
        f"SELECT count(*) FROM (SELECT DISTINCT {column} FROM ({_sampled(rows)}) "
        f"WHERE {column} IS NOT NULL LIMIT {MAX_CODES + 1})"
    )
    return int(distinct[0][0]) > MAX_CODES and not _never_repeats(rows, column)


def _never_repeats(rows: Rows, column: str) -> bool:
    """Whether whole numbers are names: no two are alike, though of a quantity some would be.

    Of n draws from a range of r numbers, at least about ``n * n / 2 r`` pairs are alike, however
    they are distributed; from ten expected pairs on, none has a probability below one in 20,000.
    """
    n, distinct, width = rows.log.query(
        f"SELECT count({column}), count(DISTINCT {column}), "
        f"max({column})::DOUBLE - min({column})::DOUBLE + 1 FROM ({_sampled(rows)})"
    )[0]
    return bool(n == distinct and n >= MIN_NAMES and n * n / (2 * width) >= EXPECTED_PAIRS)


def _fit_number(rows: Rows, name: str, dtype: str) -> ColumnBinning:
    value = number(identifier(name), rows.log.columns[name])
    quantiles, minimum, maximum = rows.log.query(
        f"SELECT quantile_cont(x, {list(PERCENTILES)!r}), min(x), max(x) "
        f"FROM (SELECT {value} AS x FROM ({_sampled(rows)}))"
    )[0]
    edges, coarse = quantile_edges(quantiles or ())
    return ColumnBinning(
        name=name,
        kind=ColumnKind.NUMERIC,
        dtype=dtype,
        edges=edges,
        coarse=coarse,
        levels=(),
        complete=True,
        minimum=minimum,
        maximum=maximum,
    )


def _fit_levels(rows: Rows, name: str, dtype: str, *, may_hash: bool) -> ColumnBinning:
    value = category(identifier(name), rows.log.columns[name])
    found = rows.log.query(
        f"SELECT x, count(*), sum(count(*)) OVER (), {digest('x')} "
        f"FROM (SELECT {value} AS x FROM ({rows.statement})) WHERE x IS NOT NULL "
        f"GROUP BY x ORDER BY count(*) DESC, x LIMIT {MAX_LEVELS + 1}"
    )
    hashed = may_hash and _names_rows([int(row[1]) for row in found], found)
    levels = tuple(sorted({str(row[3 if hashed else 0]) for row in found[:MAX_LEVELS]}))
    return ColumnBinning(
        name=name,
        kind=ColumnKind.CATEGORICAL,
        dtype=dtype,
        edges=(),
        coarse=(),
        levels=levels,
        complete=len(found) <= MAX_LEVELS,
        minimum=None,
        maximum=None,
        hashed=hashed,
    )


def _names_rows(counts: Sequence[int], found: Sequence[tuple[object, ...]]) -> bool:
    """Whether half of the values occur once, see `identifier_column`; `counts` are falling."""
    if not counts or counts[-1] != 1:
        return False
    n = int(str(found[0][2]))
    return n >= MIN_NAMES and n - sum(count for count in counts if count > 1) >= n / 2


def _sampled(rows: Rows) -> str:
    """All rows, or every k-th by a hash of the row, which no order of rows changes."""
    keep = -(-rows.n_rows // MAX_FIT_ROWS)
    if keep <= 1:
        return rows.statement
    return f"SELECT * FROM ({rows.statement}) WHERE {row_hash(rows.log)} % {keep} = 0"
