"""All that is known of one column in one window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.vectors import Vectors

S = TypeVar("S", Moments, Histogram, Categories, Vectors)


class ColumnKind(StrEnum):
    """How a column is summarised. It is decided on the reference period and frozen."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A numeric column has `moments` and a `histogram`, a categorical one `categories`.

    An embedding has `vectors`, and as `categories` the rows per cell of its frame. `dtype` is the
    engine-neutral type (``integer, float, text, boolean, timestamp, vector, other``), or
    ``absent`` if the window lacks the column. `n_missing` counts NULL, NaN and infinities;
    `n_mistyped` the values that could not be read as the column's kind (text in a number), and
    `n_out_of_range` the numbers outside the reference's smallest and largest value.
    """

    name: str
    kind: ColumnKind
    dtype: str
    n_rows: int
    n_missing: int
    n_mistyped: int = 0
    n_out_of_range: int = 0
    moments: Moments | None = None
    histogram: Histogram | None = None
    categories: Categories | None = None
    vectors: Vectors | None = None

    def fitting(self, kinds: tuple[type[Any], ...]) -> Any:
        """The part that is of one of the `kinds` of summary; None if none is."""
        parts = (self.histogram, self.categories, self.vectors)
        return next((part for part in parts if isinstance(part, kinds)), None)

    @property
    def distribution(self) -> Histogram | Categories | None:
        """The counts that drift is measured on."""
        return self.histogram if self.kind is ColumnKind.NUMERIC else self.categories

    def __add__(self, other: ColumnSummary) -> ColumnSummary:
        return replace(
            self,
            dtype=self.dtype if self.dtype != "absent" else other.dtype,
            n_rows=self.n_rows + other.n_rows,
            n_missing=self.n_missing + other.n_missing,
            n_mistyped=self.n_mistyped + other.n_mistyped,
            n_out_of_range=self.n_out_of_range + other.n_out_of_range,
            moments=_merged(self.moments, other.moments),
            histogram=_merged(self.histogram, other.histogram),
            categories=_merged(self.categories, other.categories),
            vectors=_merged(self.vectors, other.vectors),
        )


def _merged(a: S | None, b: S | None) -> S | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
