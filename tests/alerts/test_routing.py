from __future__ import annotations

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.routing import Route, destinations
from monitoring_pipelines.alerts.severity import Severity

PAGE = Route(to=("pagerduty:KEY",), severities=frozenset({Severity.CRITICAL}))
DATA = Route(
    to=("slack:C0DATA", "email:data@acme.example"), causes=frozenset({Cause.DATA_CONTRACT})
)
RISK = Route(to=("slack:C0RISK",), owners=("team:risk*",))


def sent(severity: Severity, cause: Cause, owner: str, usual: str | None = "slack:C0") -> set[str]:
    return {*destinations((PAGE, DATA, RISK), severity, cause, owner, usual)}


def test_all_routes_that_match_are_taken() -> None:
    assert sent(Severity.CRITICAL, Cause.DATA_CONTRACT, "team:risk-ml") == {
        "pagerduty:KEY", "slack:C0DATA", "email:data@acme.example", "slack:C0RISK",
    }  # fmt: skip


def test_if_none_matches_the_usual_place_hears_of_it() -> None:
    assert sent(Severity.HIGH, Cause.SILENCE, "team:growth") == {"slack:C0"}
    assert sent(Severity.HIGH, Cause.SILENCE, "team:growth", usual=None) == set()


def test_an_empty_route_matches_everything() -> None:
    every = Route(to=("webhook:HOOK",))
    assert destinations((every,), Severity.HIGH, Cause.SILENCE, "", "slack:C0") == {"webhook:HOOK"}
