"""Two summaries are compared over the same bins or not at all."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError
from monitoring_pipelines.metrics.paired import fine_counts, paired_counts
from monitoring_pipelines.summaries.histogram import Histogram
from tests.metrics.samples import categories, histogram


def test_a_histogram_is_compared_over_the_references_deciles() -> None:
    reference = Histogram((0.0, 1.0, 2.0), (1, 2, 3, 4), coarse=(1,))
    analysis = Histogram((0.0, 1.0, 2.0), (5, 6, 7, 8))
    a, b = paired_counts(reference, analysis)
    assert (a.tolist(), b.tolist()) == ([3, 7], [11, 15])
    assert a.tolist() == list(reference.coarsened().counts)


def test_fine_counts_keep_every_bin() -> None:
    reference = Histogram((0.0, 1.0, 2.0), (1, 2, 3, 4), coarse=(1,))
    a, _ = fine_counts(reference, reference)
    assert a.tolist() == [1, 2, 3, 4]


def test_all_other_levels_are_one_bin() -> None:
    a, b = paired_counts(categories(1, 2), categories(3, 4, other=5))
    assert (a.tolist(), b.tolist()) == ([1, 2, 0], [3, 4, 5])


def test_other_bins_are_refused() -> None:
    with pytest.raises(BinMismatchError, match="Fit the bins on the reference period once"):
        paired_counts(histogram(1, 2), histogram(1, 2, 3))


@pytest.mark.parametrize(
    ("reference", "analysis", "period"),
    [((0, 0), (1, 1), "reference"), ((1, 1), (0, 0), "analysis")],
)
def test_an_empty_period_is_named(
    reference: tuple[int, ...], analysis: tuple[int, ...], period: str
) -> None:
    with pytest.raises(EmptySampleError, match=period):
        paired_counts(histogram(*reference), histogram(*analysis))
