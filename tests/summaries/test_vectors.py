"""Moments and samples of vectors add up to those of all rows, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError
from monitoring_pipelines.summaries.vectors import VectorMoments, Vectors, VectorSample
from tests.metrics import samples

RNG = np.random.default_rng(1)
ROWS = RNG.normal(5.0, [1.0, 2.0, 0.1], size=(300, 3))
HASHES = RNG.permutation(300)


def test_moments_are_those_of_numpy() -> None:
    found = VectorMoments.of(ROWS)
    assert found.mean == pytest.approx(ROWS.mean(axis=0))
    assert found.covariance == pytest.approx(np.cov(ROWS.T, bias=True))


@pytest.mark.parametrize("cuts", [[100], [1, 2, 299], [0, 150]])
def test_parts_add_up_to_the_whole(cuts: list[int]) -> None:
    parts = [VectorMoments.of(part) for part in np.split(ROWS, cuts)]
    found, whole = parts[0], VectorMoments.of(ROWS)
    for part in parts[1:]:
        found += part
    assert found.n == 300
    assert found.mean == pytest.approx(whole.mean, rel=1e-12)
    assert found.scatter == pytest.approx(whole.scatter, rel=1e-9)


def test_far_from_zero_nothing_cancels() -> None:
    a, b = (VectorMoments.of(part + 1e8) for part in np.split(ROWS, 2))
    assert (a + b).covariance == pytest.approx(np.cov(ROWS.T, bias=True), rel=1e-6, abs=1e-7)


def test_no_rows_change_nothing() -> None:
    none = VectorMoments.of(np.zeros((0, 3)))
    assert (none.n, none.covariance.tolist()) == (0, np.zeros((3, 3)).tolist())
    for found in (none + VectorMoments.of(ROWS), VectorMoments.of(ROWS) + none):
        assert found.n == 300
        assert found.mean == pytest.approx(ROWS.mean(axis=0))


def test_the_sample_is_of_the_smallest_hashes_in_any_order_and_any_parts() -> None:
    smallest = np.argsort(HASHES)[:40]
    order = RNG.permutation(300)
    parts = [VectorSample.of(HASHES[part], ROWS[part], 40) for part in np.split(order, [7, 50, 51])]
    found = parts[3] + (parts[1] + parts[0]) + parts[2]
    assert found.n == 40
    assert found.hashes.tolist() == HASHES[smallest].tolist()
    assert found.rows.tolist() == ROWS[smallest].tolist()


def test_rows_of_one_id_come_in_the_order_of_their_numbers() -> None:
    hashes = np.array([4, 4, 4])
    found = [
        VectorSample.of(hashes, ROWS[[i, j, k]], 2).rows.tolist()
        for i, j, k in ((0, 1, 2), (2, 0, 1))
    ]
    assert found[0] == found[1]


def test_reasons_add_up() -> None:
    a = replace(samples.vectors(ROWS), n_missing=1, n_malformed=2, n_infinite=1, n_outlying=4)
    both = a + a
    assert (both.n, both.n_outlying, both.n_unusable) == (600, 8, 6)
    assert both.unusable == (
        "2 are missing, 4 are no list of 3 numbers, 2 hold NaN or infinite numbers"
    )
    assert samples.vectors(ROWS).unusable == ""
    assert replace(a, dimension=0, n_missing=0, n_infinite=0).unusable == "2 are no list of numbers"


def test_vectors_of_two_frames_do_not_add_up() -> None:
    a = samples.vectors(ROWS)
    for other in (samples.vectors(ROWS[:, :2]), replace(a, bandwidth=2.0)):
        with pytest.raises(BinMismatchError):
            a + other


def test_what_is_kept_does_not_grow_with_the_rows() -> None:
    found: Vectors = samples.vectors(ROWS, size=20)
    for _ in range(3):
        found = found + found
    assert (found.n, found.sample.n) == (2_400, 20)
