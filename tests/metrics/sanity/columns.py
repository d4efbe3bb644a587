"""Columns for tests of sanity, as an engine would summarise them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from monitoring_pipelines.metrics.base import Seen
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.moments import Moments
from tests.metrics.samples import Floats, binned, fitted_edges


def levels(values: Any, of: Any | None = None, limit: int = 1_000) -> ColumnSummary:
    """Categories of `values` over the levels of the reference `of`, by default its own."""
    counted = Counter(values if of is None else of)
    listed = tuple(sorted(sorted(counted, key=lambda x: (-counted[x], x))[:limit]))
    now = Counter(values)
    counts = tuple(now[level] for level in listed)
    other = sum(now.values()) - sum(counts)
    found = Categories(listed, counts, other, complete=len(counted) <= limit)
    n = sum(now.values())
    return ColumnSummary("x", ColumnKind.CATEGORICAL, "text", n, 0, categories=found)


def numbers(values: Floats, of: Floats | None = None) -> ColumnSummary:
    """A histogram of `values` over the percentiles of the reference `of`, by default its own."""
    edges, coarse = fitted_edges(values if of is None else of)
    n = len(values)
    moments = None
    if n:
        mean = float(values.mean())
        m2 = float(((values - mean) ** 2).sum())
        moments = Moments(n, mean, m2, float(values.min()), float(values.max()))
    return ColumnSummary(
        "x",
        ColumnKind.NUMERIC,
        "float",
        n,
        0,
        moments=moments,
        histogram=binned(np.asarray(values), edges, coarse),
    )


def seen(reference: ColumnSummary, window: ColumnSummary, *earlier: ColumnSummary) -> Seen:
    return Seen(reference=reference, window=window, earlier=earlier)
