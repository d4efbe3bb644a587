"""Quantiles as numpy has them, and intervals that hold as often as they say."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.quantity import (
    _successes,
    mean,
    quantile,
    quantile_interval,
    quantile_of,
    total,
)
from monitoring_pipelines.summaries.activity import Activity, Amounts
from tests.summaries.test_activity import amounts


@pytest.mark.parametrize("q", [0.0, 0.5, 0.95, 0.99, 1.0])
@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_a_quantile_is_numpys(q: float, n: int) -> None:
    values = np.random.default_rng(n).integers(0, 30, n).astype(float)
    assert quantile_of(amounts(values), q) == pytest.approx(float(np.quantile(values, q)))


@pytest.mark.parametrize(("q", "true"), [(0.5, 1.0), (0.95, math.exp(1.6448536))])
def test_an_interval_holds_the_true_quantile_as_often_as_it_says(q: float, true: float) -> None:
    """Of a log-normal, whose median is 1 and whose quantiles are those of the normal."""
    rng, draws = np.random.default_rng(5), 1_000
    held = 0
    for _ in range(draws):
        low, high = quantile_interval(amounts(rng.lognormal(0, 1, 150)), q, 0.9)
        held += low <= true <= high
    assert held / draws > 0.9 - 3 * math.sqrt(0.9 * 0.1 / draws)


def test_ranks_are_quantiles_of_the_binomial() -> None:
    from scipy.stats import binom

    for n, q, p in itertools.product([1, 7, 150, 10_000], [0.5, 0.95], [0.0001, 0.025, 0.4, 0.999]):
        assert _successes(p, n, q) == binom.ppf(p, n, q)


def test_a_sample_too_small_for_an_upper_limit_has_none() -> None:
    low, high = quantile_interval(amounts(np.arange(1.0, 21.0)), 0.95, 0.95)
    # 20 values are all below their 95 % point with probability 0.95 ** 20 = 0.36
    assert high == math.inf
    assert 1.0 <= low < 20.0


def test_ties_and_one_value() -> None:
    same = amounts(np.full(50, 7.0))
    assert (quantile_of(same, 0.95), quantile_interval(same, 0.5, 0.95)) == (7.0, (7.0, 7.0))
    assert quantile_of(amounts(np.array([3.0])), 0.95) == 3.0


def test_means_and_sums() -> None:
    spent = Activity(5, amounts={"cost": amounts(np.array([1.0, 2.0, 3.0, 6.0]))})
    average = mean("a", "X", "x", Task.LLM, "cost")
    assert (average.compute(spent), average.n(spent)) == (3.0, 4)
    low, high = average.interval(spent, 0.95)
    # Student's with 3 degrees of freedom is 3.182; the spread of the mean is sqrt(3.5 / 3)
    assert high == pytest.approx(3.0 * math.exp(3.182446 * math.sqrt(3.5 / 3) / 3.0), rel=1e-5)
    assert low * high == pytest.approx(9.0)
    bill = total("b", "X", "x", Task.LLM, "cost")
    assert (bill.compute(spent), bill.interval(spent, 0.99), bill.total) == (
        12.0,
        (12.0, 12.0),
        True,
    )


def test_no_value_is_an_error() -> None:
    none = Activity(5, amounts={"cost": Amounts(np.array([]), np.array([], dtype=int), 0.0, 0.0)})
    for signal in (
        quantile("q", "X", "x", Task.LLM, "cost", 0.5),
        mean("m", "X", "x", Task.LLM, "cost"),
        total("t", "X", "x", Task.LLM, "cost"),
    ):
        assert signal.n(none) == signal.n(Activity(5)) == 0
        with pytest.raises(NotApplicableError, match="no row tells `cost`"):
            signal.compute(none)


def test_the_number_of_rows_that_a_quantile_needs() -> None:
    # two beyond the quantile: 4, which is too few for anything, 40 and 200
    needed = [quantile("q", "X", "x", Task.LLM, "c", q).min_rows for q in (0.5, 0.95, 0.99)]
    assert needed == [30, 40, 200]
