"""Unseen values on the Titanic, against the numbers that NannyML prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from tests.golden.public_data import columns, oracle

if TYPE_CHECKING:
    import numpy as np


# Ticket, NannyML's fourth, is an identifier and so has none: see the sanity of columns
@pytest.mark.parametrize("name", ["Sex", "Cabin", "Embarked"])
def test_unseen_rows(name: str) -> None:
    """Counts agree; NannyML's *rates* divide by all rows of a chunk, ours by rows with a value."""
    before = columns("nannyml_misc/titanic_reference.parquet")[name]
    now = columns("nannyml_misc/titanic_analysis.parquet")[name]
    levels = sorted({value for value in before if value is not None})

    def column(values: np.ndarray) -> ColumnSummary:
        there = [value for value in values if value is not None]
        counts = tuple(there.count(level) for level in levels)
        summary = Categories(tuple(levels), counts, other=len(there) - sum(counts))
        missing = len(values) - len(there)
        kind = ColumnKind.CATEGORICAL
        return ColumnSummary(name, kind, "text", len(values), missing, categories=summary)

    bad, of = QUALITY["unseen_rate"].compute(column(before), column(now))
    expected = oracle("nannyml_misc")["titanic"]
    assert bad == expected["unseen_non_null_rows_analysis"][name]
    assert of == len(now) - expected["null_counts_analysis"][name]
