"""A quarter is time to plan, a month is late."""

from __future__ import annotations

import pytest

from tests.governance.cases import AT, DAY, card, facts, judged


@pytest.mark.parametrize(
    ("days", "verdict"), [(91, "ok"), (90, "warn"), (31, "warn"), (30, "fail"), (-1, "fail")]
)
def test_by_the_days_that_are_left(days: int, verdict: str) -> None:
    promised = card(retires_on=(AT + days * DAY).date())
    found = judged("GOV-18", promised, facts())
    assert found[0] == verdict
    assert ("1 day ago" if days < 0 else f"in {days} days") in found[1]


def test_it_needs_the_day() -> None:
    assert judged("GOV-18", card(), facts()) == ("", "governance.retires_on")
