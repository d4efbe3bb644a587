"""Half of the time is a warning, four fifths of it a failure; 2, 10 or 15 days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitoring_pipelines.governance.card import Serious
from tests.governance.cases import AT, DAY, card, facts, judged


def serious(age: float, within: float, reported: float | None = None) -> Serious:
    """Known so many days before the window's end; reported so many days before it."""
    told = AT - reported * DAY if reported is not None else None
    return Serious(
        name="inc_1", aware_at=AT - age * DAY, within=timedelta(days=within), reported_at=told
    )


@pytest.mark.parametrize(
    ("one", "verdict", "told"),
    [
        (serious(7.4, 15), "ok", "has to be reported by 2026-03-09 14:24 UTC, 15 days after"),
        (serious(7.5, 15), "warn", "and is not yet"),
        (serious(12, 15), "fail", "by 2026-03-05"),
        (serious(1.6, 2), "fail", "2 days after"),
        (serious(40, 15), "fail", ""),
        (serious(40, 15, 30), "ok", "inc_1 was reported in time"),
        (serious(40, 15, 20), "warn", "reported on 2026-02-10, after 2026-02-05"),
        # reported after the window: not yet
        (serious(12, 15, -1), "fail", ""),
    ],
)
def test_its_clock(one: Serious, verdict: str, told: str) -> None:
    found = judged("GOV-16", card(), facts(serious=(one,)))
    assert found[0] == verdict
    assert told in found[1]


def test_it_needs_an_incident_that_was_known_by_then() -> None:
    missing = ("", "an incident that `mlmon serious` marked")
    assert judged("GOV-16", card(), facts()) == missing
    assert judged("GOV-16", card(), facts(serious=(serious(-1, 15),))) == missing
