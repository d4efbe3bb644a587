"""Somebody answers for the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitoring_pipelines.governance.card import Card
from tests.governance.cases import card, facts, judged


@pytest.mark.parametrize(
    ("owner", "deputy", "tier", "verdict"),
    [
        ("ana", "bo", 3, "ok"),
        ("ana", None, 3, "warn"),
        ("ana", None, 1, "fail"),
        ("", "bo", 3, "fail"),
        ("ana@bank.example", "Ana", 3, "fail"),
    ],
)
def test_owner_and_deputy(owner: str, deputy: str | None, tier: int, verdict: str) -> None:
    given = replace(card(deputy=deputy, tier=tier), owner=owner)
    assert judged("GOV-02", given, facts())[0] == verdict


def test_without_a_card_it_is_inactive() -> None:
    assert judged("GOV-02", Card(owner="ana"), facts()) == ("", "governance")
