from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError, NotApplicableError, NoVectorError
from monitoring_pipelines.metrics.paired_vectors import check_vectors, enough, paired_samples
from tests.metrics import samples

SOME, NONE = samples.vectors(np.ones((5, 2))), samples.vectors(np.ones((0, 2)))


def test_both_samples() -> None:
    a, b = paired_samples(SOME, SOME)
    assert a.shape == b.shape == (5, 2)


def test_a_period_without_vectors_says_what_it_holds() -> None:
    check_vectors(SOME, SOME)
    broken = replace(NONE, n_malformed=3, n_missing=1)
    said = "no vector in the analysis period can be compared: 1 is missing, 3 are no list of 2 numb"
    with pytest.raises(NoVectorError, match=said):
        check_vectors(SOME, broken)
    with pytest.raises(NoVectorError, match="no vector in the reference period can be compared$"):
        check_vectors(NONE, SOME)


def test_vectors_of_two_frames_are_refused() -> None:
    with pytest.raises(BinMismatchError):
        check_vectors(SOME, replace(SOME, bandwidth=3.0))


def test_too_few() -> None:
    enough(4, 9, 4, "pairs")
    with pytest.raises(NotApplicableError, match="3 vectors are too few for pairs; it needs 4"):
        enough(9, 3, 4, "pairs")
