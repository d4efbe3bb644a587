"""Every binary metric's estimate: its interval holds what labels later tell."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.estimation.estimate import NOT_ESTIMATED, estimate
from monitoring_pipelines.estimation.expected import expect
from monitoring_pipelines.metrics import PERFORMANCE
from tests.estimation.samples import draw, labelled, predicted

METRICS = [m for m in PERFORMANCE.values() if Task.BINARY in m.tasks]
ESTIMATED = [m for m in METRICS if m.name not in NOT_ESTIMATED]


def test_what_cannot_be_estimated_exists() -> None:
    assert {*PERFORMANCE} >= NOT_ESTIMATED


@pytest.mark.parametrize(
    ("n_reference", "n_window", "shape"),
    [
        pytest.param(5_000, 1_000, (2.0, 2.0), id="the same scores"),
        pytest.param(5_000, 1_000, (1.2, 3.0), id="other scores"),
        pytest.param(1_000, 2_000, (2.0, 2.0), id="a reference smaller than the window"),
    ],
)
def test_intervals_hold_the_realised_value(
    n_reference: int, n_window: int, shape: tuple[float, float]
) -> None:
    """At 95 per cent in at least so many of 200 draws, by three standard errors (4.6 points)."""
    rng, draws, held = np.random.default_rng(20), 200, Counter[str]()
    for _ in range(draws):
        reference = labelled(*draw(rng, n_reference))
        score, label = draw(rng, n_window, *shape)
        expectation, truth = expect(predicted(score), reference), labelled(score, label)
        for metric in ESTIMATED:
            _, ((low, high),) = estimate(metric, expectation, [0.95])
            held[metric.name] += low <= metric.compute(truth) <= high
    error = math.sqrt(0.95 * 0.05 / draws)
    for metric in ESTIMATED:
        assert held[metric.name] / draws >= 0.95 - 3 * error, metric.name


def test_more_confidence_is_wider_and_stays_in_bounds() -> None:
    rng = np.random.default_rng(21)
    reference, (score, _) = labelled(*draw(rng, 2_000)), draw(rng, 60)
    expectation = expect(predicted(score), reference)
    for metric in ESTIMATED:
        value, (narrow, wide) = estimate(metric, expectation, [0.9, 0.9999])
        assert metric.bounds[0] <= wide[0] < narrow[0] < value < narrow[1] < wide[1], metric.name
        assert wide[1] <= metric.bounds[1]
