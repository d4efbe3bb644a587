"""A window of a log to its `TableSummary`, in one scan of each column."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import accumulate, pairwise
from math import inf, isclose, nextafter
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.types import category, digest, family, number
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.table import N_IDS, TableSummary

if TYPE_CHECKING:
    from datetime import tzinfo

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.window import Cadence
    from monitoring_pipelines.summaries.binning import Binning, ColumnBinning

# more at a time do not fit the processor's cache: 33 in one statement cost 1.5 times as much
COLUMNS_PER_STATEMENT = 8
MAX_VERSIONS = 20
# of evenly spaced rows each is so many steps from its place at most, and a second if all of them
# are rounded to that
OFF_STEP = 0.01


def summarise_table(
    rows: Rows,
    binning: Binning,
    version_column: str | None,
    windows: tuple[Cadence, tzinfo] | None = None,
    id_column: str | None = None,
) -> TableSummary:
    """Summary of `rows` on the frozen bins.

    With `windows`, how they are cut, the rows are those of several windows, and each window's
    count is kept; this is how a reference period knows the usual volume.
    """
    log = rows.log
    columns: dict[str, ColumnSummary] = {}
    absent = {name for name in binning.columns if name not in log.columns}
    for name in absent:
        kind = binning.columns[name].kind
        columns[name] = ColumnSummary(name, kind, "absent", rows.n_rows, rows.n_rows)
    for kind, summarise in ((ColumnKind.NUMERIC, _numbers), (ColumnKind.CATEGORICAL, _levels)):
        present = [c for c in binning.columns.values() if c.kind is kind and c.name not in absent]
        for start in range(0, len(present), COLUMNS_PER_STATEMENT):
            columns |= summarise(rows, present[start : start + COLUMNS_PER_STATEMENT])
    columns = {name: columns[name] for name in binning.columns}
    first, last = span(rows)
    counts = _counts(rows, *windows) if windows else (rows.n_rows,)
    spacing = None if windows else _spacing(rows, first, last)
    return TableSummary(
        rows.n_rows,
        rows.n_duplicates,
        columns,
        counts,
        first,
        last,
        count_versions(rows, version_column),
        spacing=spacing,
        ids=_ids(rows, id_column) if id_column in log.columns and not windows else (),
    )


def count_versions(rows: Rows, column: str | None) -> dict[str, int]:
    """Rows by the model version that made them, the most frequent first; empty without a column."""
    if not column or column not in rows.log.columns:
        return {}
    version = category(identifier(column), rows.log.columns[column])
    return {
        str(name): int(count)
        for name, count in rows.log.query(
            f"SELECT {version} AS v, count(*) FROM ({rows.statement}) WHERE v IS NOT NULL "
            f"GROUP BY v ORDER BY 2 DESC, 1 LIMIT {MAX_VERSIONS}"
        )
    }


def _ids(rows: Rows, column: str | None) -> tuple[int, ...]:
    """The smallest hashes of ids; as texts, so that 7 and '7' are one."""
    name = str(column)
    value = category(identifier(name), rows.log.columns[name])
    found = rows.log.query(
        f"SELECT (hash({value}) >> 1)::BIGINT AS h FROM ({rows.statement}) "
        f"WHERE {identifier(name)} IS NOT NULL ORDER BY h LIMIT {N_IDS}"
    )
    return tuple(int(row[0]) for row in found)


def _numbers(rows: Rows, part: list[ColumnBinning]) -> dict[str, ColumnSummary]:
    """Summaries of a few columns of numbers, from one statement."""
    projected, aggregates = [], []
    for i, column in enumerate(part):
        name, dtype = identifier(column.name), rows.log.columns[column.name]
        projected.append(f"{number(name, dtype)} AS x{i}")
        mistyped = _mistyped(name, dtype)
        if mistyped:
            projected.append(f"{mistyped} AS bad{i}")
        aggregates.append(_aggregates(i, column, typed=mistyped is None))
    found = rows.log.query(
        f"SELECT {', '.join(aggregates)} "
        f"FROM (SELECT {', '.join(projected)} FROM ({rows.statement}))"
    )[0]
    width = len(found) // len(part)
    return {
        column.name: _number_summary(rows, column, found[i * width : (i + 1) * width])
        for i, column in enumerate(part)
    }


def _mistyped(name: str, dtype: str) -> str | None:
    """SQL condition for a value that is no number; None if the type leaves none."""
    if family(dtype) == "text":
        return f"({name} IS NOT NULL AND TRY_CAST({name}::VARCHAR AS DOUBLE) IS NULL)"
    return f"({name} IS NOT NULL)" if family(dtype) in {"timestamp", "other"} else None


def _aggregates(i: int, column: ColumnBinning, *, typed: bool) -> str:
    bad = "0" if typed else f"count(*) FILTER (bad{i})"
    edges = ", ".join(f"'{edge!r}'" for edge in _fine_edges(column))  # quoted, -inf is a number
    histogram = f"histogram(x{i}, [{edges}]::DOUBLE[])" if edges else "NULL"
    return f"count(x{i}), {bad}, avg(x{i}), var_pop(x{i}), min(x{i}), max(x{i}), {histogram}"


def _fine_edges(column: ColumnBinning) -> list[float]:
    """The bins' edges and those of the reference's range, so that one count gives both."""
    return sorted({*column.edges, *(bound for bounds in _range(column) for bound in bounds)})


def _range(column: ColumnBinning) -> list[tuple[float, float]]:
    """``[(below, maximum)]``: a number is out of range if it is <= below or > maximum."""
    if column.minimum is None or column.maximum is None:
        return []
    return [(nextafter(column.minimum, -inf), column.maximum)]


def _number_summary(rows: Rows, column: ColumnBinning, values: tuple[Any, ...]) -> ColumnSummary:
    n, bad, mean, variance, minimum, maximum, bins = values
    fine = _fine_edges(column)
    at_most = dict(
        zip(fine, accumulate(int((bins or {}).get(edge, 0)) for edge in fine), strict=True)
    )
    totals = [0, *(at_most[edge] for edge in column.edges), n]
    outside = sum(at_most[below] + n - at_most[maximum] for below, maximum in _range(column))
    moments = Moments(n, mean, variance * n, minimum, maximum) if n else None
    return ColumnSummary(
        name=column.name,
        kind=column.kind,
        dtype=family(rows.log.columns[column.name]),
        n_rows=rows.n_rows,
        n_missing=rows.n_rows - n - bad,
        n_mistyped=bad,
        n_out_of_range=outside,
        moments=moments,
        histogram=Histogram(column.edges, tuple(b - a for a, b in pairwise(totals)), column.coarse),
    )


def _levels(rows: Rows, part: list[ColumnBinning]) -> dict[str, ColumnSummary]:
    """Summaries of a few columns of levels, from one statement.

    Grouping is what DuckDB does fastest with a dictionary-encoded column.
    """
    names = ", ".join(f"x{i}" for i in range(len(part)))
    projected, wanted, sets = [], [], {}
    for i, column in enumerate(part):
        value = category(identifier(column.name), rows.log.columns[column.name])
        value = digest(value) if column.hashed else value
        projected.append(f"{value} AS x{i}")
        # GROUPING sets the bits of the columns that are not grouped by, the first one highest
        sets[column.name] = place = (1 << len(part)) - 1 - (1 << (len(part) - 1 - i))
        known = ", ".join(literal(level) for level in column.levels)
        wanted.append(f"g = {place} AND (x IS NULL{f' OR x IN ({known})' if known else ''})")
    found = rows.log.query(
        f"SELECT g, x, n FROM (SELECT GROUPING({names}) AS g, coalesce({names}) AS x, "
        f"count(*) AS n FROM (SELECT {', '.join(projected)} FROM ({rows.statement})) "
        f"GROUP BY GROUPING SETS (({'), ('.join(names.split(', '))}))) "
        f"WHERE {' OR '.join(wanted)}"
    )
    counted = {(place, level): int(n) for place, level, n in found}
    summaries = {}
    for column in part:
        place = sets[column.name]
        missing = counted.get((place, None), 0)
        counts = tuple(counted.get((place, level), 0) for level in column.levels)
        other = rows.n_rows - missing - sum(counts)
        summaries[column.name] = ColumnSummary(
            name=column.name,
            kind=column.kind,
            dtype=family(rows.log.columns[column.name]),
            n_rows=rows.n_rows,
            n_missing=missing,
            categories=Categories(column.levels, counts, other, column.complete),
        )
    return summaries


def span(rows: Rows) -> tuple[datetime | None, datetime | None]:
    """Outermost timestamps of `rows`; None of a log without times, and of no rows."""
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


def _spacing(rows: Rows, first: datetime | None, last: datetime | None) -> float | None:
    """Seconds between rows if they are evenly spaced, in one scan and without sorting.

    Counted from the first in steps, the rows are then at 0, 1, … n - 1, which their sum and the
    sum of their squares tell.
    """
    time, n = rows.log.time, rows.n_rows
    if time is None or first is None or last is None or first == last:
        return None
    step = (last - first).total_seconds() / (n - 1)
    start = f"TIMESTAMPTZ '{first.isoformat(sep=' ')}'"
    off, whole, total, squares = rows.log.query(
        "SELECT max(abs(k - round(k))), bool_and(us % 1000000 = 0), sum(round(k)), "
        f"sum(round(k) * round(k)) FROM (SELECT us, us / {step * 1e6!r} AS k FROM ("
        f"SELECT epoch_us({time.instant()}) - epoch_us({start}) AS us FROM ({rows.statement})))"
    )[0]
    expected = n * (n - 1) / 2, n * (n - 1) * (2 * n - 1) / 6
    evenly = isclose(total, expected[0], rel_tol=1e-9) and isclose(
        squares, expected[1], rel_tol=1e-9
    )
    return step if evenly and off < OFF_STEP + (1 / step if whole else 0.0) else None


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
