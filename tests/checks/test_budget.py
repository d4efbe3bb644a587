"""The expected number of false alerts a quarter is what was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitoring_pipelines.checks.budget import (
    WINDOWS_A_QUARTER,
    alpha_per_check,
    interval_confidence,
)
from monitoring_pipelines.domain.window import Cadence, windows_between
from monitoring_pipelines.errors import ConfigError


@pytest.mark.parametrize("cadence", [Cadence.HOUR, Cadence.DAY, Cadence.WEEK, Cadence.MONTH])
@pytest.mark.parametrize(("n_checks", "budget"), [(60, 1.0), (500, 0.25)])
def test_the_budget_is_spent_and_not_exceeded(
    cadence: Cadence, n_checks: int, budget: float
) -> None:
    alpha = alpha_per_check(cadence, n_checks, budget)
    assert alpha * n_checks * WINDOWS_A_QUARTER[cadence] == pytest.approx(budget)


@pytest.mark.parametrize("cadence", [Cadence.DAY, Cadence.WEEK, Cadence.MONTH, Cadence.YEAR])
def test_windows_a_quarter_are_those_of_the_calendar(cadence: Cadence) -> None:
    start, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    count = sum(1 for _ in windows_between(start, end, cadence, UTC))
    assert WINDOWS_A_QUARTER[cadence] == pytest.approx(count / 160, rel=1e-3)


def test_few_windows_do_not_make_weak_evidence_strong() -> None:
    assert alpha_per_check(Cadence.YEAR, 1) == 0.05


@pytest.mark.parametrize(
    ("n_checks", "budget", "says"), [(0, 1.0, "at least one check"), (1, 0.0, "above 0, not 0.0")]
)
def test_nonsense_is_refused(n_checks: int, budget: float, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        alpha_per_check(Cadence.DAY, n_checks, budget)


def test_one_side_of_the_interval_has_alpha() -> None:
    assert (1 - interval_confidence(0.001)) / 2 == pytest.approx(0.001)
