"""A quarter without a call, or more days since training than the card allows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.governance.cases import AT, DAY, card, facts, judged


@pytest.mark.parametrize(("idle", "verdict"), [(90, "ok"), (91, "warn")])
def test_unused(idle: int, verdict: str) -> None:
    assert judged("GOV-24", card(), facts(last_prediction=AT - idle * DAY))[0] == verdict


@pytest.mark.parametrize(("age", "verdict"), [(180, "ok"), (181, "warn")])
def test_stale(age: int, verdict: str) -> None:
    trained: date = AT.date() - timedelta(days=age)
    promised = card(trained_on=trained, retrain_every=timedelta(days=180))
    assert judged("GOV-24", promised, facts(last_prediction=AT))[0] == verdict


def test_it_needs_a_prediction() -> None:
    assert judged("GOV-24", card(), facts()) == ("", "a window with predictions")
