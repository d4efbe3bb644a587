"""What each user asked for in a window, in shares; names of users do not leave the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.extremes import CELL
from monitoring_pipelines.backends.duckdb.types import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

# shares of the window's own rows that lie near the boundary, and beyond what is usual on a side
NEAR, TAIL = 0.1, 0.005


def shares_by_user(
    rows: Rows, by: str, features: Sequence[str], score: str | None
) -> list[tuple[int, float | None, float | None, float | None]]:
    """Of each user: queries, and the shares near the boundary, beyond the usual, and of new cells.

    A score is near the boundary if it is among the tenth of the window's that is nearest to 0.5. A
    row is beyond if a feature is among the outermost half per cent on a side.
    """
    columns = rows.log.columns
    values = {name: number(identifier(name), columns[name]) for name in features}
    margin = f"abs({number(identifier(score), columns[score])} - 0.5)" if score else None
    wanted = [f"quantile_cont({margin or 'NULL::DOUBLE'}, {NEAR})"]
    for value in values.values():
        wanted += [
            f"quantile_cont({value}, {TAIL})",
            f"quantile_cont({value}, {1 - TAIL})",
            f"{CELL} * nullif(stddev_pop({value}), 0)",
        ]
    near, *limits = rows.log.query(f"SELECT {', '.join(wanted)} FROM ({rows.statement})")[0]
    beyond, cells = [], []
    for value, low, high, step in zip(
        values.values(), limits[::3], limits[1::3], limits[2::3], strict=True
    ):
        if step is not None:
            beyond.append(f"({value}) < {low!r} OR ({value}) > {high!r}")
            cells.append(f"floor(({value}) / {step!r})")
    near_sql = f"avg(({margin} <= {near!r})::INT)" if margin and near is not None else "NULL"
    beyond_sql = f"avg(coalesce({' OR '.join(beyond)}, false)::INT)" if beyond else "NULL"
    covered_sql = f"count(DISTINCT hash({', '.join(cells)})) / count(*)" if cells else "NULL"
    found = rows.log.query(
        f"SELECT count(*), {near_sql}, {beyond_sql}, {covered_sql} FROM ({rows.statement}) "
        f"WHERE {identifier(by)} IS NOT NULL GROUP BY {identifier(by)} ORDER BY ALL"
    )
    return [(int(n), *rest) for n, *rest in found]
