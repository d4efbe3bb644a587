"""How many labels each window has by now, for all windows in one scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, ids, known_labels, own_label

if TYPE_CHECKING:
    from datetime import tzinfo

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
    """Arrivals by the start of the window, in UTC."""
    assert rows.log.time is not None  # noqa: S101 - of a prediction log
    start = rows.log.time.window_start(cadence, zone)
    if join.labels is None:
        label, available = own_label(join, rows.log.columns, as_of)
        source = f"(SELECT {start} AS start, {label} AS label, {available} AS available_at "
        source += f"FROM ({rows.statement}))"
    else:
        source = (
            f"(SELECT {start} AS start, {ids(rows, join)[0]} AS id FROM ({rows.statement})) AS p "
            f"LEFT JOIN ({known_labels(join, rows, as_of)}) AS l ON p.id = l.id"
        )
    found = rows.log.query(
        "SELECT start, count(*), count(label), max(available_at) FILTER (label IS NOT NULL) "
        f"FROM {source} GROUP BY 1 ORDER BY 1"
    )
    return {
        start.astimezone(UTC): Arrivals(n, labelled, newest and newest.astimezone(UTC))
        for start, n, labelled, newest in found
    }
