"""A group's rate minus the rest's, with Newcombe's interval."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import EmptySampleError
from monitoring_pipelines.metrics.base import Part
from monitoring_pipelines.metrics.gap import gap, gap_interval


def test_group_minus_rest() -> None:
    assert gap(Part(30, 100), Part(25, 50)) == pytest.approx(0.3 - 0.5)
    assert gap(Part(25, 50), Part(30, 100)) == pytest.approx(0.5 - 0.3)


def test_the_interval_is_that_of_the_papers_example() -> None:
    """Newcombe 1998, example (a): 0.0524 to 0.3339."""
    assert gap_interval(Part(56, 70), Part(48, 80), 0.95) == pytest.approx(
        (0.0524, 0.3339), abs=5e-5
    )


@pytest.mark.parametrize("parts", [(Part(0, 0), Part(1, 2)), (Part(1, 2), Part(0, 0))])
def test_no_row_is_an_error(parts: tuple[Part, Part]) -> None:
    with pytest.raises(EmptySampleError):
        gap(*parts)


def test_one_row_gives_a_wide_interval() -> None:
    low, high = gap_interval(Part(1, 1), Part(0, 1), 0.95)
    assert low < 0 < high == 1.0
