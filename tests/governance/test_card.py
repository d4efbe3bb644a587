"""Names are one person's whatever their spelling; the last word on a version counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitoring_pipelines.governance.card import last_words, same_person
from tests.governance.cases import AT, approval, waiver


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ana", "ana", True),
        (" Ana@Bank.example", "ana@bank.example", True),
        ("ana", "ana@bank.example", True),
        ("ana@a.example", "ana@b.example", False),
        ("team:risk", "team:risk", True),
        ("", "", False),
    ],
)
def test_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same


def test_the_last_word_by_then_counts() -> None:
    early, late, later = approval("v1", "a", 9), approval("v1", "b", 5), approval("v1", "c", -1)
    assert last_words([late, later, early], AT) == {"v1": late}
    assert last_words([late, later, early], AT - timedelta(days=6)) == {"v1": early}


def test_a_waiver_ends_at_its_end() -> None:
    assert waiver("GOV-03", 1).covers(AT)
    assert not waiver("GOV-03", 0).covers(AT)
