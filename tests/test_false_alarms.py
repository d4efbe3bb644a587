"""A small part of `python -m benchmarks.false_alarms`: no cell is above its nominal rate."""

from __future__ import annotations

import pytest

from benchmarks import embeddings
from benchmarks.false_alarms import between, drift, models, performance, shares, tails, volume
from benchmarks.tables import Cells

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["normal", "70 % zeros, rest log-normal", "20 even levels"])
@pytest.mark.parametrize("sizes", [(5, 50), (1, 200), (1, 10_000), (30, 1_000_000)])
def test_drift(name: str, sizes: tuple[int, int]) -> None:
    beyond, warned = Cells(), Cells()
    drift.measure(name, sizes, 60, (beyond, warned))
    assert sum(rate.draws for rate in beyond.values()) >= 60 * 6 * 2
    assert beyond.failures() + warned.failures() == []


@pytest.mark.parametrize(("name", "n"), [("normal", 10_000), ("20 even levels", 200)])
def test_small_alphas_of_drift(name: str, n: int) -> None:
    cells = Cells()
    tails.measure(name, n, 200, cells)
    assert cells.failures() == []


@pytest.mark.parametrize("sizes", [(1, 50), (5, 1_000), (1, 10_000)])
def test_shares(sizes: tuple[int, int]) -> None:
    cells = Cells()
    shares.constant(0.01, sizes, 500, cells)
    for name in shares.FIRST_SEEN:
        shares.first_seen(name, sizes, 200, cells)
    assert cells.failures() == []


@pytest.mark.parametrize("k", [1, 5, 30])
def test_volume(k: int) -> None:
    cells = Cells()
    volume.measure(0.2, k, 2_000, cells)
    assert cells.failures() == []


@pytest.mark.parametrize("name", list(performance.MODELS))
def test_performance(name: str) -> None:
    cells = Cells()
    performance.measure((name, *performance.MODELS[name]), (5, 1_000), 30, cells)
    assert cells.failures() == []


@pytest.mark.parametrize("k", [1, 5, 30])
def test_accuracies_that_vary_like_the_prior_says(k: int) -> None:
    cells = Cells()
    between.accuracy(k, 0.004, 500, cells)
    wide = Cells({key: rate for key, rate in cells.items() if key[0] == "windows"})
    assert wide.failures() == []


@pytest.mark.parametrize("kind", models.KINDS)
def test_a_model_of_twenty_features(kind: str) -> None:
    cells = Cells()
    models.features(20, kind, 40, cells)
    assert cells.failures() == []


def test_a_rate_above_nominal_is_a_failure() -> None:
    cells = Cells()
    cells.count(("fair", 0.05), 50, 1_000)
    assert cells.failures() == []
    cells.count(("high", 0.05), 90, 1_000)  # 5.8 standard errors above
    assert cells.failures() == ["('high', 0.05): 90 of 1000"]


@pytest.mark.parametrize("kind", ["normal, alike in all directions", "clusters on a sphere"])
def test_embeddings(kind: str) -> None:
    beyond, warned = Cells(), Cells()
    embeddings.measure(kind, (100, 256), 16, (beyond, warned))
    assert {name for name, *_ in beyond} == {*embeddings.NAMES}
    assert beyond.failures() + warned.failures() == []
