"""Every signal speaks: with a verdict, or with what it misses."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.judge import OFF, judge
from monitoring_pipelines.security.signals import SIGNALS


def test_what_nothing_is_known_of_is_inactive_and_says_why() -> None:
    judged = judge(Facts(alpha=0.01))
    assert [one.signal.id for one in judged] == sorted(SIGNALS)
    assert all(one.missing and not one.found for one in judged)


def test_a_signal_that_is_switched_off_says_so() -> None:
    (one,) = [j for j in judge(Facts(alpha=0.01), {"SEC-08"}) if j.signal.id == "SEC-08"]
    assert one.missing == OFF
