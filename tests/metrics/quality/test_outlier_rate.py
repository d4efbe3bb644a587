from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from tests.metrics import samples


def test_outlying_vectors_of_those_that_can_be_compared() -> None:
    vectors = replace(samples.vectors(np.zeros((40, 2))), n_outlying=7, n_missing=60)
    column = ColumnSummary("text", ColumnKind.EMBEDDING, "vector", 100, 60, vectors=vectors)
    assert QUALITY["outlier_rate"].compute(column, column) == (7, 40)
    assert QUALITY["outlier_rate"].usual(column) == (7, 40)
    absent = replace(column, dtype="absent", vectors=None)
    assert QUALITY["outlier_rate"].compute(column, absent) == (0, 0)


def test_other_columns_have_no_outliers_of_this_kind() -> None:
    number = ColumnSummary("x", ColumnKind.NUMERIC, "float", 10, 0)
    with pytest.raises(NotApplicableError, match="only vectors"):
        QUALITY["outlier_rate"].compute(number, number)
