"""How many rows have how many features in the outermost bins of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier
from monitoring_pipelines.backends.duckdb.types import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.rows import Rows


def count_outer(rows: Rows, limits: Mapping[str, tuple[float, float]]) -> dict[int, int]:
    """Rows by their number of features below the low limit or above the high one.

    Columns that the log lacks, and missing values, are on neither side.
    """
    outer = []
    for name, (low, high) in limits.items():
        if name in rows.log.columns:
            value = number(identifier(name), rows.log.columns[name])
            outer.append(f"coalesce(({value}) < {low!r} OR ({value}) > {high!r}, false)::INT")
    if not outer:
        return {}
    found = rows.log.query(
        f"SELECT {' + '.join(outer)} AS k, count(*) FROM ({rows.statement}) GROUP BY k ORDER BY k"
    )
    return {int(k): int(n) for k, n in found}
