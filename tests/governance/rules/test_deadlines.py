"""A critical finding has a day, any other a week."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.facts import OpenFinding
from tests.governance.cases import AT, DAY, card, facts, judged


@pytest.mark.parametrize(
    ("is_critical", "days", "verdict"),
    [(True, 1, "ok"), (True, 1.1, "fail"), (False, 7, "ok"), (False, 7.1, "fail")],
)
def test_by_age_and_severity(is_critical: bool, days: float, verdict: str) -> None:
    late = OpenFinding("roc_auc", is_critical, AT - days * DAY)
    found = judged("GOV-15", card(), facts(findings=(late,)))
    assert found[0] == verdict
    assert ("roc_auc" in found[1]) == (verdict == "fail")


def test_nothing_that_fires_is_fine() -> None:
    assert judged("GOV-15", card(), facts())[0] == "ok"
