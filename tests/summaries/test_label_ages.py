from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.label_ages import BINS, LabelAges


def ages(**places: list[int]) -> LabelAges:
    counts = {name: np.bincount(found, minlength=BINS + 1) for name, found in places.items()}
    return LabelAges(60.0, counts)


def test_the_share_grows_from_none_to_all() -> None:
    found = ages(positive=[0, 3, 3, 64])
    # half of the labels of its own bin count: they come in the middle of it on average
    shares = [found.share("positive", place) for place in (0, 1, 3, 4, 64)]
    assert shares == [0.125, 0.25, 0.5, 0.75, 0.875]


def test_ages_add_up() -> None:
    both = ages(positive=[1, 2]) + ages(positive=[2], negative=[64])
    expected = ages(positive=[1, 2, 2], negative=[64])
    assert {name: n.tolist() for name, n in both.counts.items()} == {
        name: n.tolist() for name, n in expected.counts.items()
    }


def test_ages_of_another_maturity_do_not() -> None:
    with pytest.raises(BinMismatchError):
        ages(positive=[1]) + LabelAges(61.0, {})
