"""Rows by their number of features in outer bins, counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from monitoring_pipelines.backends.duckdb.outliers import count_outer
from tests.backends.duckdb.test_texts import rows

if TYPE_CHECKING:
    from pathlib import Path


def test_counts(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"x": [0.0, 1.0, 5.0, 9.0, None], 'y"': [0.0, 9.0, 1.0, 9.0, 9.0], "t": ["a"] * 5}
    )
    found = rows(tmp_path, frame)
    limits = {"x": (1.0, 5.0), 'y"': (1.0, 5.0), "gone": (0.0, 0.0)}
    # a value on a limit is inside, a missing one too
    assert count_outer(found, limits) == {0: 1, 1: 2, 2: 2}
    assert count_outer(found, {"gone": (0.0, 0.0)}) == {}
