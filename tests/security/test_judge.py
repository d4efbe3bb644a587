"""Every signal speaks: with a verdict, or with what it misses."""

from __future__ import annotations

from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.security.judge import OFF, judge
from monitoring_pipelines.security.signals import SIGNALS
from monitoring_pipelines.summaries.occurrences import SecuritySummary


def test_what_nothing_is_known_of_is_inactive_and_says_why() -> None:
    judged = judge(Facts(alpha=0.01))
    assert [one.signal.id for one in judged] == sorted(SIGNALS)
    assert all(one.missing and not one.found for one in judged)


def test_a_signal_that_is_switched_off_says_so() -> None:
    (one,) = [j for j in judge(Facts(alpha=0.01), {"SEC-08"}) if j.signal.id == "SEC-08"]
    assert one.missing == OFF


def test_a_signal_that_does_not_page_warns_at_most() -> None:
    drawn = SecuritySummary(900, {}, {"denied": (9_000.0,), "flood": (9_000.0,)})
    usual = SecuritySummary(900, {}, {"denied": (2.0,) * 20, "flood": (2.0,) * 20})
    roles = frozenset({"principal", "status", "any_feature"})
    judged = judge(Facts(alpha=0.001, roles=roles, now=drawn, usual=usual))
    found = {one.signal.id: one.found[0].judgement.verdict for one in judged if one.found}
    assert (found["SEC-22"], found["SEC-17"]) == ("warn", "fail")
