"""Fisher's exact test, against scipy and by hand."""

from __future__ import annotations

import pytest
from scipy import stats

from monitoring_pipelines.stats.exact import probability_of_rise


@pytest.mark.parametrize(
    ("bad", "of", "reference_bad", "reference_of"),
    [(3, 10, 20, 1_000), (0, 10, 0, 10), (1, 1, 0, 10_000), (60, 1_000, 400, 10_000), (5, 5, 5, 5)],
)
def test_agrees_with_scipy(bad: int, of: int, reference_bad: int, reference_of: int) -> None:
    table = [[bad, of - bad], [reference_bad, reference_of - reference_bad]]
    expected = stats.fisher_exact(table, alternative="greater").pvalue
    assert probability_of_rise(bad, of, reference_bad, reference_of) == pytest.approx(expected)


def test_one_row_of_many() -> None:
    # the only bad row of 10,001 is the one of the window
    assert probability_of_rise(1, 1, 0, 10_000) == pytest.approx(1 / 10_001)


def test_millions_of_rows_are_no_trouble() -> None:
    # 1 per cent of both: about one half, by symmetry
    p = probability_of_rise(10_000, 1_000_000, 1_000_000, 100_000_000)
    assert p == pytest.approx(0.5, abs=0.01)
