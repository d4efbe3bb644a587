"""An extreme is judged against those of earlier windows, and names the roles that it lacks."""

from __future__ import annotations

from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.facts import Facts
from monitoring_pipelines.summaries.occurrences import SecuritySummary

EXTREME = Extreme("x", "things", 4.0, (("principal",), ("ip", "end_user"), ("features",)))


def facts(value: float, usual: tuple[float, ...]) -> Facts:
    return Facts(
        alpha=0.001,
        now=SecuritySummary(50, {}, {"x": (value,)}),
        usual=SecuritySummary(500, {}, {"x": usual}),
        tolerances={"SEC-99": 3.0},
    )


def test_is_judged_against_earlier_windows() -> None:
    (found,) = judged_by(EXTREME, "SEC-99")(facts(500.0, (5.0,) * 20))
    assert found.judgement.verdict == "fail"
    assert (found.value, found.reference_value, found.tolerance, found.n) == (500, 5, 3, 50)
    assert EXTREME.judge(facts(6.0, (5.0,) * 20), "SEC-99").judgement.verdict == "ok"
    assert EXTREME.judge(facts(6.0, ()), "SEC-99").judgement.verdict == "unknown"


def test_nothing_known_is_not_fine() -> None:
    facts = Facts(alpha=0.001, now=SecuritySummary(50))
    assert EXTREME.judge(facts, "SEC-99").judgement.verdict == "unknown"


def test_names_what_it_lacks() -> None:
    assert EXTREME.missing(Facts(alpha=0.1)) == (
        "security.columns.principal, security.columns.ip or end_user, three numeric features"
    )
    known = Facts(alpha=0.1, roles=frozenset({"principal", "ip", "features"}))
    assert EXTREME.missing(known) == ""
