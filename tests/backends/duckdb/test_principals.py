"""Shares of two users, counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.backends.duckdb.principals import shares_by_user
from tests.backends.duckdb.test_texts import rows

if TYPE_CHECKING:
    from pathlib import Path


def test_one_who_searches_the_boundary_and_one_who_does_not(tmp_path: Path) -> None:
    n = 1_000
    frame = pd.DataFrame(
        {
            "who": ["usual"] * n + ["other"] * 100 + [None] * 5,
            "score": np.r_[np.linspace(0.8, 1.0, n), np.full(100, 0.5), np.full(5, 0.5)],
            "x": np.r_[np.linspace(0, 1, n), np.full(100, 9.0), np.full(5, 0.0)],
        }
    )
    other, usual = shares_by_user(rows(tmp_path, frame), "who", ["x"], "score")
    # the tenth of 1,105 rows that is nearest to the boundary are those at it, and a few more
    assert other[:2] == (100, 1.0)
    assert usual[0] == n
    assert usual[1] == pytest.approx(0.006, abs=0.002)
    # the outermost half per cent above is the other's value itself, and below the least of x
    assert other[2] == 0
    assert other[3] == 1 / 100
    assert usual[3] == pytest.approx(2 / n, abs=1 / n)


def test_without_scores_and_features_the_log_cannot_tell(tmp_path: Path) -> None:
    frame = pd.DataFrame({"who": ["a", "a"], "x": [1.0, 1.0]})
    assert shares_by_user(rows(tmp_path, frame), "who", ["x"], None) == [(2, None, None, None)]
