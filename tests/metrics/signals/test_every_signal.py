"""Laws that every signal obeys. A new one is tested here without an edit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import DRIFT, FAIRNESS, PERFORMANCE, QUALITY, SANITY, SIGNALS
from monitoring_pipelines.summaries.activity import Activity
from tests.summaries.test_activity import amounts

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import SignalMetric

LEVELS = ("ok", "error", "0", "1", "stop", "length", "blocked", "empty", "failed", "many", "priced")


@pytest.fixture(params=list(SIGNALS))
def signal(request: pytest.FixtureRequest) -> SignalMetric:
    return SIGNALS[request.param]


def activity(signal: SignalMetric, rng: np.random.Generator, n: int) -> Activity:
    if signal.is_amount:
        return Activity(n, amounts={signal.column: amounts(rng.lognormal(3, 1, n))})
    counts = rng.multinomial(n, np.full(len(LEVELS), 1 / len(LEVELS)))
    return Activity(n, {signal.column: dict(zip(LEVELS, counts.tolist(), strict=True))})


def test_a_value_is_in_its_interval_and_both_in_their_bounds(signal: SignalMetric) -> None:
    rng = np.random.default_rng(1)
    for n in (2, 20, 300):
        seen = activity(signal, rng, n)
        value = signal.compute(seen)
        bounds = [signal.interval(seen, confidence) for confidence in (0.5, 0.95, 0.9999)]
        lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
        assert lows == sorted(lows, reverse=True)
        assert highs == sorted(highs)
        assert signal.bounds[0] <= lows[-1] <= value <= highs[0] <= signal.bounds[1]


def test_more_rows_say_more(signal: SignalMetric) -> None:
    seen = activity(signal, np.random.default_rng(2), 400)
    low, high = signal.interval(seen, 0.95)
    narrower = signal.interval(seen + seen + seen + seen, 0.95)
    if signal.total:
        assert narrower == (4 * low, 4 * high) or math.isclose(narrower[0], 4 * low)
    else:
        assert narrower[1] - narrower[0] < 0.8 * (high - low)  # about half


def test_parts_add_up(signal: SignalMetric) -> None:
    rng = np.random.default_rng(3)
    a, b, c = (activity(signal, rng, 40) for _ in range(3))
    assert signal.compute(a + b + c) == pytest.approx(signal.compute(c + (b + a)), rel=1e-12)
    assert signal.n(a + b) == signal.n(a) + signal.n(b)


def test_a_log_that_does_not_tell_is_an_error_or_nought(signal: SignalMetric) -> None:
    silent = Activity(9, {"something": {"else": 9}})
    if signal.name == "guardrail_coverage":  # a guardrail that no call has covers none
        assert signal.compute(silent) == 0.0
        return
    with pytest.raises(NotApplicableError, match=f"`{signal.column}`"):
        signal.compute(silent)


def test_it_is_named_once_and_says_what_it_is(signal: SignalMetric) -> None:
    others = {*DRIFT, *QUALITY, *PERFORMANCE, *FAIRNESS, *SANITY, "volume", "staleness"}
    assert signal.name not in others
    assert signal.what.endswith(".")
    assert signal.code[:4] in {"LLM-", "AGT-"}
    assert signal.tasks <= {Task.LLM, Task.AGENT}
