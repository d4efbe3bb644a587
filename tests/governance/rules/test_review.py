"""The day of the review is the end of its year; the days around it are counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitoring_pipelines.governance.card import Review
from tests.governance.cases import AT, card, facts, judged


@pytest.mark.parametrize(
    ("days_since", "verdict", "told"),
    [
        (334, "ok", "the next review is due on 2026-04-02"),
        (335, "warn", "the review is due on 2026-04-01"),
        (365, "warn", "the review is due on 2026-03-02"),
        (366, "fail", "the review that was due on 2026-03-01 is 1 day late"),
        # nothing is known of reviews before
        (-5, "unknown", "the card tells of the review of 2026-03-07 only, which came later"),
    ],
)
def test_by_its_age(days_since: int, verdict: str, told: str) -> None:
    last: date = AT.date() - timedelta(days=days_since)
    review = Review(last=last, every=timedelta(days=365))
    assert judged("GOV-03", card(review=review), facts()) == (verdict, told)


def test_without_a_plan_it_is_inactive() -> None:
    assert judged("GOV-03", card(), facts()) == ("", "governance.review")
