from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.store import outbox, sending
from monitoring_pipelines.store.fallback import divert
from monitoring_pipelines.store.outbox import Op
from tests.store.box import HERE, NOW, SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tests.store.box import Box

THERE = "email:oncall@example.org"


def marked(payload: Mapping[str, Any], place: str, error: str) -> dict[str, Any]:
    return {**payload, "was": place, "why": error}


def diverted(box: Box, now: datetime = NOW) -> int:
    with box.engine.begin() as connection:
        return divert(connection, THERE, marked, now)


def copies(box: Box) -> list[Any]:
    table = outbox.outbox.c
    with box.engine.connect() as connection:
        query = sa.select(table.incident_id, table.op, table.payload, table.state)
        return connection.execute(query.where(table.destination == THERE).order_by(table.id)).all()  # type: ignore[return-value]


def blocked(box: Box) -> None:
    box.then(sending.block, box.claimed(), "is_archived", NOW)


def test_news_for_a_blocked_destination_is_queued_for_the_fallback_once(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.EVIDENCE, 2)
    box.queue(Op.ESCALATE, 3)
    box.queue(Op.DIGEST, 1, incident="digest:1")
    box.queue(Op.OPEN, 1, incident="inc_2", not_before=NOW + SECOND)
    assert diverted(box) == 0
    blocked(box)
    assert diverted(box) == 3
    assert diverted(box) == 0
    assert [(op, payload["why"], state) for _, op, payload, state in copies(box)] == [
        ("open", "is_archived", "ready"),
        ("escalate", "is_archived", "ready"),
        ("digest", "is_archived", "ready"),
    ]
    # what is held by quiet hours is held for the fallback too
    assert diverted(box, NOW + SECOND) == 1
    with box.engine.connect() as connection:
        # the fallback is no destination of the incident: it gets no reminders, and no edits
        assert {*outbox.told(connection, "inc_1")} == {HERE}


def test_the_original_waits_and_the_copy_can_be_sent(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    blocked(box)
    diverted(box)
    copy = box.claimed(NOW + SECOND)
    assert (copy.destination, copy.payload["was"]) == (THERE, HERE)
    assert box.claim(NOW + SECOND) is None
    assert box.states()[0] == (1, "blocked")


def test_who_heard_of_trouble_by_a_copy_hears_that_it_is_over(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    blocked(box)
    diverted(box)
    later = NOW + timedelta(days=1)
    box.then(sending.sent, box.claimed(later), None, later)
    box.then(sending.sent, box.claimed(later), None, later)
    box.queue(Op.UPDATE, 2)
    box.queue(Op.RESOLVE, 3)
    box.queue(Op.OPEN, 1, incident="inc_2")
    assert diverted(box, later) == 1
    assert diverted(box, later) == 0
    assert [op for _, op, _, _ in copies(box)] == ["open", "resolve"]


def test_a_fallback_that_is_blocked_itself_has_no_fallback(box: Box) -> None:
    box.queue(Op.OPEN, 1, place=THERE)
    blocked(box)
    assert diverted(box) == 0


def test_who_is_told_anyway_is_not_told_twice(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    blocked(box)
    box.queue(Op.OPEN, 1, place=THERE)
    assert diverted(box) == 0


def test_what_an_outage_holds_up_for_long_is_queued_for_the_fallback(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.OPEN, 1, incident="inc_2", not_before=NOW + timedelta(days=1))
    box.queue(Op.ESCALATE, 2)
    now, heard = NOW, []
    while now < NOW + timedelta(hours=1):
        if claimed := box.claim(now):
            box.then(sending.later, claimed, "cannot be reached", None, now)
        if diverted(box, now):
            heard.append(now - NOW)
        now += timedelta(seconds=30)
    # a hiccup is no news; the fallback hears once, after a quarter of an hour
    assert len(heard) == 1
    assert timedelta(minutes=8) < heard[0] < timedelta(minutes=20)
    assert [(op, payload["why"]) for _, op, payload, _ in copies(box)] == [
        ("open", "cannot be reached"),
        ("escalate", ""),
    ]
