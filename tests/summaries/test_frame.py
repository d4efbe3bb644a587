"""The frame of vectors: it is fitted on a part of the reference and knows nothing of other rows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.summaries.codec import decode, encode
from monitoring_pipelines.summaries.frame import COMPONENTS, empty_frame, fit_frame

RNG = np.random.default_rng(2)


def test_few_dimensions_are_told_without_loss() -> None:
    rows = RNG.normal(3.0, [5.0, 1.0, 0.2], size=(500, 3))
    frame = fit_frame("v", rows, 1_000, 0)
    space = frame.space(rows)
    assert not frame.has_rest
    assert space.shape == (500, 3)
    # distances are those of the vectors, in units of their usual distance from the mean
    fitted = rows[100:]
    usual = math.sqrt(np.mean(np.sum((fitted - fitted.mean(axis=0)) ** 2, axis=1)))
    apart = np.linalg.norm(rows[0] - rows[1]) / usual
    assert np.linalg.norm(space[0] - space[1]) == pytest.approx(apart)
    assert np.mean(np.sum(space[100:] ** 2, axis=1)) == pytest.approx(1.0)


def test_what_the_components_leave_over_is_a_coordinate() -> None:
    rows = np.hstack([RNG.normal(0, 9, size=(600, 40)), RNG.normal(0, 0.1, size=(600, 60))])
    frame = fit_frame("v", rows, 1_000, 0)
    space = frame.space(rows)
    assert space.shape == (600, COMPONENTS + 1)
    # Pythagoras: all coordinates together are the distance from the mean
    away = np.linalg.norm((rows - frame.center) / frame.scale, axis=1)
    assert np.linalg.norm(space, axis=1) == pytest.approx(away)
    assert frame.basis @ frame.basis.T == pytest.approx(np.eye(COMPONENTS), abs=1e-10)


def test_cells_are_those_of_the_nearest_centroid() -> None:
    rows = np.concatenate([RNG.normal(at, 0.1, size=(200, 5)) for at in (-3, 0, 3)])[
        RNG.permutation(600)
    ]
    frame = fit_frame("v", rows, 1_000, 0)
    space = frame.space(rows)
    gaps = np.linalg.norm(space[:, None, :] - frame.centroids[None], axis=2)
    assert frame.cell_of(space).tolist() == gaps.argmin(axis=1).tolist()
    assert len(frame.cells) == 480 // 25  # 480 rows are fitted, 25 to a cell


def test_the_outlyingness_is_mahalanobis_distance() -> None:
    rows = RNG.normal(size=(4_000, 3)) @ np.array([[2, 1, 0], [0, 1, 0.5], [0, 0, 1]])
    frame = fit_frame("v", rows, 1_000, 0)
    inverse = np.linalg.inv(np.cov(rows[800:].T))
    away = rows - rows[800:].mean(axis=0)
    exact = np.sqrt(np.einsum("ij,jk,ik->i", away, inverse, away))
    # the shrinkage of 3,200 rows is small
    assert frame.outlyingness(frame.space(rows)) == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize(("n", "d"), [(600, 4), (600, 100)])
def test_one_in_a_hundred_new_rows_is_beyond_the_limit(n: int, d: int) -> None:
    # conformal: 1 - ceil(0.99 (m + 1)) / (m + 1) on average over the m held rows
    m = n // 5
    expected = 1 - min(math.ceil(0.99 * (m + 1)), m) / (m + 1)
    beyond = []
    for _ in range(10):
        frame = fit_frame("v", RNG.standard_t(5, size=(n, d)), 1_000, 0)
        new = frame.outlyingness(frame.space(RNG.standard_t(5, size=(1_000, d))))
        beyond.append(np.mean(new > frame.limit))
    # the share beyond an order statistic is Beta(., .), with a variance of about p / (m + 2)
    error = math.sqrt((expected / (m + 2) + expected / 1_000) / 10)
    assert np.mean(beyond) == pytest.approx(expected, abs=4 * error)


@pytest.mark.parametrize("rows", [np.ones((1, 3)), np.ones((50, 3)), np.eye(3), np.eye(3)[:2]])
def test_few_or_equal_vectors_have_a_frame(rows: np.ndarray) -> None:
    frame = fit_frame("v", rows, 1_000, 0)
    space = frame.space(rows)
    assert np.isfinite(space).all()
    assert np.isfinite(frame.outlyingness(space)).all()
    assert frame.cell_of(space).max() < len(frame.cells)
    assert frame.bandwidth > 0


def test_the_same_rows_give_the_same_frame_and_it_survives_the_store() -> None:
    rows = RNG.normal(size=(200, 8))
    a, b = fit_frame("v", rows, 1_000, 5), fit_frame("v", rows, 1_000, 5)
    assert a.fingerprint == b.fingerprint == decode(encode(a)).fingerprint
    assert replace(a, limit=1.0).fingerprint != a.fingerprint
    assert fit_frame("v", rows[:-1], 1_000, 5).fingerprint != a.fingerprint


def test_without_vectors_nothing_is_measured() -> None:
    frame = empty_frame("v", 1_000)
    none = np.zeros((0, 0))
    assert frame.space(none).shape == (0, 0)
    assert frame.outlyingness(frame.space(none)).shape == (0,)
    assert frame.cells == ()
