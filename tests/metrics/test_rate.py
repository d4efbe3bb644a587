"""Shares of levels."""

from __future__ import annotations

import pytest

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.metrics.rate import rate
from monitoring_pipelines.summaries.activity import Activity

CALLS = Activity(20, {"finish": {"stop": 6, "length": 3, "context_window": 1}})


def test_rows_that_do_not_tell_are_not_counted() -> None:
    cut = rate("cut", "X", "x", Task.LLM, "finish", {"length", "context_window"})
    assert cut.compute(CALLS) == 4 / 10
    assert cut.n(CALLS) == 10
    # Wilson's interval of 4 of 10 at 95 %, from the closed form: centre 0.42776, arm 0.25935
    assert cut.interval(CALLS, 0.95) == pytest.approx((0.16818, 0.68733), abs=1e-4)


def test_a_share_of_all_rows_counts_them() -> None:
    told = rate(
        "told", "X", "x", Task.LLM, "finish", None, direction=Direction.LOWER_IS_WORSE, of_all=True
    )
    assert (told.compute(CALLS), told.n(CALLS)) == (0.5, 20)
    assert told.compute(Activity(5)) == 0.0


def test_no_row_that_tells_is_an_error() -> None:
    cut = rate("cut", "X", "x", Task.LLM, "finish", {"length"})
    with pytest.raises(NotApplicableError, match="no row tells `finish`"):
        cut.compute(Activity(7, {"status": {"ok": 7}}))
    assert cut.n(Activity(7)) == 0
