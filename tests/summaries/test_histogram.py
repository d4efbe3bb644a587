"""Counts that add up, over bins that are frozen."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import BinMismatchError, EmptySampleError
from monitoring_pipelines.summaries.histogram import Histogram
from tests.metrics.samples import binned, fitted_edges


def test_bins_are_closed_on_the_right() -> None:
    edges = np.array([0.0, 1.0])
    assert binned(np.array([-1.0, 0.0, 0.5, 1.0, 1.5]), edges).counts == (2, 2, 1)


def test_chunks_add_up_to_the_whole() -> None:
    values = np.random.default_rng(1).normal(size=1_000)
    edges, coarse = fitted_edges(values)
    parts = [binned(part, edges, coarse) for part in np.array_split(values, 7)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    assert whole == binned(values, edges, coarse)


def test_coarse_bins_hold_the_same_values() -> None:
    values = np.random.default_rng(2).normal(size=1_000)
    edges, coarse = fitted_edges(values)
    small = binned(values, edges, coarse).coarsened()
    assert small == binned(values, edges[list(coarse)])
    assert small.n == 1_000


def test_without_coarse_bins_nothing_changes() -> None:
    histogram = Histogram((0.0,), (3, 4))
    assert histogram.coarsened() is histogram


def test_other_edges_are_refused() -> None:
    with pytest.raises(BinMismatchError):
        Histogram((0.0,), (3, 4)) + Histogram((1.0,), (3, 4))


def test_shares_of_nothing_are_an_error() -> None:
    assert Histogram((0.0,), (3, 1)).shares("analysis").tolist() == [0.75, 0.25]
    with pytest.raises(EmptySampleError, match="analysis"):
        Histogram((0.0,), (0, 0)).shares("analysis")
