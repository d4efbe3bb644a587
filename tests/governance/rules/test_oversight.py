"""Too few reviews, and reviews that are none; bounds are Wilson's at 99 per cent."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.card import Oversight
from monitoring_pipelines.governance.facts import LogFacts, Reviews
from tests.governance.cases import card, facts, judged

PLAN = card(oversight=Oversight(reviewer="who", review_rate=0.1))


@pytest.mark.parametrize(
    ("reviews", "verdict", "told"),
    [
        (Reviews(1_000, 100, 100, 5, 40.0), "ok", "100 of 1,000 decisions were reviewed, and 5 c"),
        # 0.078 to 0.127 holds the plan, 0.034 to 0.071 does not
        (Reviews(1_000, 95, 95, 5, 40.0), "ok", ""),
        (Reviews(1_000, 50, 50, 5, 40.0), "warn", "50 of 1,000 decisions were reviewed, planned"),
        (Reviews(0, 0), "unknown", "no rows in this window"),
        (Reviews(90, 19), "unknown", "too few to tell how"),
        (Reviews(1_000, 298, 298, 0, 40.0), "ok", ""),
        (Reviews(1_000, 299, 299, 0, 40.0), "warn", "reviewers changed none of 299 decisions"),
        # 60 of 100 may be half, 70 of 100 is not
        (Reviews(1_000, 100, 100, 60, 40.0), "ok", ""),
        (Reviews(1_000, 100, 100, 70, 40.0), "warn", "changed 70 of 100 decisions, more than half"),
        (Reviews(1_000, 100, None, None, 2.9), "warn", "half of the reviews took less than 3 sec"),
        (Reviews(1_000, 100, None, None, 3.0), "ok", "100 of 1,000 decisions were reviewed"),
    ],
)
def test_what_people_did(reviews: Reviews, verdict: str, told: str) -> None:
    found = judged("GOV-14", PLAN, facts(log=LogFacts(reviews=reviews)))
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_a_plan_and_the_columns() -> None:
    assert judged("GOV-14", card(), facts()) == ("", "governance.oversight")
    assert judged("GOV-14", PLAN, facts()) == ("", "the log's columns of review")
    assert judged("GOV-14", PLAN, facts(log=LogFacts(problem="no"))) == ("unknown", "no")
