"""How many labels each window has by now, for all windows in one scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, known_labels, same_type

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.window import Cadence


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Of one window: rows, rows with a label, and the arrival of the newest label."""

    n_rows: int
    n_labelled: int
    newest: datetime | None


def count_arrivals(
    rows: Rows, join: LabelJoin, as_of: datetime, cadence: Cadence, zone: tzinfo
) -> dict[datetime, Arrivals]:
    """Arrivals by the local start of the window, a naive time in `zone`."""
    assert rows.log.time is not None  # noqa: S101 - of a prediction log
    local = f"timezone({literal(str(zone))}, {rows.log.time.instant()})"
    ours = f"{identifier(str(join.prediction_id))}{same_type(rows, join)}"
    found = rows.log.query(
        f"SELECT date_trunc({literal(cadence.value)}, p.at), count(*), count(l.label), "
        "max(l.available_at) "
        f"FROM (SELECT {local} AS at, {ours} AS id FROM ({rows.statement})) AS p "
        f"LEFT JOIN ({known_labels(join, rows, as_of)}) AS l ON p.id = l.id GROUP BY 1 ORDER BY 1"
    )
    return {start: Arrivals(n, labelled, newest) for start, n, labelled, newest in found}
