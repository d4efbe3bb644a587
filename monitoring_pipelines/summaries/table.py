"""All that is known of one window of a prediction log, labels apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitoring_pipelines.summaries.activity import Activity
from monitoring_pipelines.summaries.column import ColumnSummary
from monitoring_pipelines.summaries.selection import Selection

N_IDS = 1_000


@dataclass(frozen=True, slots=True)
class TableSummary:
    """`n_rows` rows after duplicates were dropped; `n_duplicates` further rows repeated an id.

    `rows_per_window` holds the row counts of the windows that were merged into this summary, so the
    usual volume of a window is known without reading the rows again. `first` and `last` are the
    outermost timestamps. `versions` counts the rows per model version, `selections` the favourable
    decisions by the attributes that are watched for fairness and by group. `spacing` is the seconds
    between any two rows of one window that follow each other, None if they differ. `activity` is
    that of an LLM application or agent: of all rows under "", of parts by ``column=value``. `ids`
    are the smallest hashes of the ids of one window, increasing, `N_IDS` at most.
    """

    n_rows: int
    n_duplicates: int
    columns: Mapping[str, ColumnSummary]
    rows_per_window: tuple[int, ...]
    first: datetime | None = None
    last: datetime | None = None
    versions: Mapping[str, int] = field(default_factory=dict)
    selections: Mapping[str, Mapping[str, Selection]] = field(default_factory=dict)
    spacing: float | None = None
    activity: Mapping[str, Activity] = field(default_factory=dict)
    ids: tuple[int, ...] = ()

    def __add__(self, other: TableSummary) -> TableSummary:
        names = [*self.columns, *(name for name in other.columns if name not in self.columns)]
        versions = {
            version: self.versions.get(version, 0) + other.versions.get(version, 0)
            for version in sorted({*self.versions, *other.versions})
        }
        return TableSummary(
            self.n_rows + other.n_rows,
            self.n_duplicates + other.n_duplicates,
            {name: _merged(self.columns.get(name), other.columns.get(name)) for name in names},
            self.rows_per_window + other.rows_per_window,
            min((t for t in (self.first, other.first) if t), default=None),
            max((t for t in (self.last, other.last) if t), default=None),
            versions,
            {
                name: _all(self.selections.get(name, {}), other.selections.get(name, {}))
                for name in sorted({*self.selections, *other.selections})
            },
            activity=_joined(self.activity, other.activity),
        )


def _joined(a: Mapping[str, Activity], b: Mapping[str, Activity]) -> dict[str, Activity]:
    return {
        name: a[name] + b[name] if name in a and name in b else a.get(name) or b[name]
        for name in sorted({*a, *b})
    }


def _all(a: Mapping[str, Selection], b: Mapping[str, Selection]) -> dict[str, Selection]:
    none = Selection(0, 0)
    return {name: a.get(name, none) + b.get(name, none) for name in sorted({*a, *b})}


def _merged(a: ColumnSummary | None, b: ColumnSummary | None) -> ColumnSummary:
    if a is not None and b is not None:
        return a + b
    found = a if a is not None else b
    assert found is not None  # noqa: S101 - the name came from one of the two
    return found
