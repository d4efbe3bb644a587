"""What is not gathered yet is listed as such, and can never be fine."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.signals import SIGNALS
from monitoring_pipelines.security.signals.not_yet import NOT_YET


def test_they_are_inactive_whatever_is_known() -> None:
    for name in NOT_YET:
        assert SIGNALS[name].missing(Facts(alpha=0.01)).endswith("not gathered yet")
        assert not SIGNALS[name].judge(Facts(alpha=0.01))


def test_all_signals_of_the_specification_are_listed() -> None:
    assert [*SIGNALS] == [f"SEC-{n:02}" for n in range(1, 26)]
