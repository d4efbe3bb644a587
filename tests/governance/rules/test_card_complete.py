"""A card says as much as its tier asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitoring_pipelines.governance.card import Allowed, Card, DataSource, Limit, Review
from tests.governance.cases import approval, card, facts, judged

LOW = {"purpose": "p"}
MIDDLE = LOW | {
    "deputy": "d", "intended_population": {"age": Allowed(minimum=18)}, "incident_contact": "c",
    "review": Review(last=date(2026, 1, 1), every=timedelta(days=365)),
}  # fmt: skip
TOP = MIDDLE | {
    "prohibited_uses": ("x",), "monitoring_plan": "wiki", "metrics": (Limit(name="auc"),),
    "data_sources": (DataSource(name="loans"),),
}  # fmt: skip


def test_without_a_card_it_is_inactive() -> None:
    assert judged("GOV-01", Card(), facts()) == ("", "governance")


@pytest.mark.parametrize(
    ("tier", "has", "verdict", "lacks"),
    [
        (3, LOW, "ok", ""),
        (3, {}, "warn", "lacks purpose"),
        (2, MIDDLE, "ok", ""),
        (2, LOW, "warn", "lacks deputy, intended_population, incident_contact, review"),
        (1, TOP, "ok", ""),
        (1, MIDDLE, "fail", "lacks prohibited_uses, monitoring_plan, metrics, data_sources"),
    ],
)
def test_by_tier(tier: int, has: dict[str, object], verdict: str, lacks: str) -> None:
    given = facts(approvals=(approval("v1", "cro"),))
    found = judged("GOV-01", card(tier=tier, **has), given)
    assert found[0] == verdict
    assert lacks in found[1]


def test_the_first_tier_asks_for_an_approval_wherever_it_stands() -> None:
    found = judged("GOV-01", card(tier=1, **TOP), facts())
    assert found == ("fail", "the card of tier 1 lacks approved_versions")
