"""A window of a log to its `TableSummary`, in one scan of each column."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.types import category, family, number
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.window import Cadence
    from monitoring_pipelines.summaries.binning import Binning, ColumnBinning

# DuckDB's cost of planning grows with the width of a statement
COLUMNS_PER_STATEMENT = 100
MAX_VERSIONS = 20


def summarise_table(
    rows: Rows,
    binning: Binning,
    version_column: str | None,
    windows: tuple[Cadence, tzinfo] | None = None,
) -> TableSummary:
    """Summary of `rows` on the frozen bins.

    With `windows`, how they are cut, the rows are those of several windows, and each window's
    count is kept; this is how a reference period knows the usual volume.
    """
    log = rows.log
    columns: dict[str, ColumnSummary] = {}
    names = list(binning.columns)
    for start in range(0, len(names), COLUMNS_PER_STATEMENT):
        part = [binning.columns[name] for name in names[start : start + COLUMNS_PER_STATEMENT]]
        columns |= _summarise_columns(rows, part)
    first, last = _span(rows)
    versions = {}
    if version_column and version_column in log.columns:
        version = category(identifier(version_column), log.columns[version_column])
        versions = {
            str(name): int(count)
            for name, count in log.query(
                f"SELECT {version} AS v, count(*) FROM ({rows.statement}) WHERE v IS NOT NULL "
                f"GROUP BY v ORDER BY 2 DESC, 1 LIMIT {MAX_VERSIONS}"
            )
        }
    counts = _counts(rows, *windows) if windows else (rows.n_rows,)
    return TableSummary(rows.n_rows, rows.n_duplicates, columns, counts, first, last, versions)


def _summarise_columns(rows: Rows, part: list[ColumnBinning]) -> dict[str, ColumnSummary]:
    present = [column for column in part if column.name in rows.log.columns]
    projected, aggregates = [], []
    for i, column in enumerate(present):
        name, dtype = identifier(column.name), rows.log.columns[column.name]
        if column.kind is ColumnKind.NUMERIC:
            projected += [f"{number(name, dtype)} AS x{i}", _mistyped(name, dtype, i)]
            aggregates.append(_numeric(i, column))
        else:
            projected.append(f"{category(name, dtype)} AS x{i}")
            aggregates.append(_categorical(i, column))
    found: tuple[Any, ...] = ()
    if present:
        found = rows.log.query(
            f"SELECT {', '.join(aggregates)} "
            f"FROM (SELECT {', '.join(projected)} FROM ({rows.statement}))"
        )[0]
    values = iter(found)
    summaries = {}
    for column in part:
        if column.name not in rows.log.columns:
            summaries[column.name] = ColumnSummary(
                column.name, column.kind, "absent", rows.n_rows, rows.n_rows
            )
        elif column.kind is ColumnKind.NUMERIC:
            summaries[column.name] = _number_summary(rows, column, [next(values) for _ in range(8)])
        else:
            summaries[column.name] = _level_summary(rows, column, [next(values) for _ in range(3)])
    return summaries


def _mistyped(name: str, dtype: str, i: int) -> str:
    if family(dtype) == "text":
        return f"({name} IS NOT NULL AND TRY_CAST({name}::VARCHAR AS DOUBLE) IS NULL) AS bad{i}"
    wrong = family(dtype) in {"timestamp", "other"}
    return f"({name} IS NOT NULL) AS bad{i}" if wrong else f"false AS bad{i}"


def _numeric(i: int, column: ColumnBinning) -> str:
    edges = ", ".join(repr(edge) for edge in column.edges)
    outside = "0"
    if column.minimum is not None and column.maximum is not None:
        outside = f"count(*) FILTER (x{i} < {column.minimum!r} OR x{i} > {column.maximum!r})"
    histogram = f"histogram(x{i}, [{edges}]::DOUBLE[])" if edges else "NULL"
    return (
        f"count(x{i}), count(*) FILTER (bad{i}), avg(x{i}), var_pop(x{i}), min(x{i}), max(x{i}), "
        f"{outside}, {histogram}"
    )


def _categorical(i: int, column: ColumnBinning) -> str:
    levels = ", ".join(literal(level) for level in column.levels)
    exact = f"histogram_exact(x{i}, [{levels}]::VARCHAR[])" if levels else "NULL"
    # DuckDB files everything else under '', which may be a level of its own
    return f"count(x{i}), count(*) FILTER (x{i} = ''), {exact}"


def _number_summary(rows: Rows, column: ColumnBinning, values: list[Any]) -> ColumnSummary:
    n, bad, mean, variance, minimum, maximum, outside, bins = values
    counts = [int((bins or {}).get(edge, 0)) for edge in column.edges]
    moments = Moments(n, mean, variance * n, minimum, maximum) if n else None
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        dtype=family(rows.log.columns[column.name]),
        n_rows=rows.n_rows,
        n_missing=rows.n_rows - n - bad,
        n_mistyped=bad,
        n_out_of_range=int(outside),
        moments=moments,
        histogram=Histogram(column.edges, (*counts, n - sum(counts)), column.coarse),
    )


def _level_summary(rows: Rows, column: ColumnBinning, values: list[Any]) -> ColumnSummary:
    n, empty, levels = values
    found = dict(levels or {})
    if "" in column.levels:
        found[""] = empty
    counts = tuple(int(found.get(level, 0)) for level in column.levels)
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        dtype=family(rows.log.columns[column.name]),
        n_rows=rows.n_rows,
        n_missing=rows.n_rows - n,
        categories=Categories(column.levels, counts, n - sum(counts), column.complete),
    )


def _span(rows: Rows) -> tuple[datetime | None, datetime | None]:
    time = rows.log.time
    if time is None or not rows.n_rows:
        return None, None
    low, high = time.instant("low"), time.instant("high")
    column = identifier(time.name)
    if time.kind.value == "text":  # text has no order of time
        low, high, column = "low", "high", time.instant()
    first, last = rows.log.query(
        f"SELECT {low}, {high} FROM (SELECT min({column}) AS low, max({column}) AS high "
        f"FROM ({rows.statement}))"
    )[0]
    return _utc(first), _utc(last)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _counts(rows: Rows, cadence: Cadence, zone: tzinfo) -> tuple[int, ...]:
    time = rows.log.time
    if time is None or not rows.n_rows:
        return ()
    found = rows.log.query(
        f"SELECT count(*) FROM (SELECT {time.window_start(cadence, zone)} AS start "
        f"FROM ({rows.statement})) GROUP BY start ORDER BY start"
    )
    return tuple(int(row[0]) for row in found)
