from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from monitoring_pipelines.store import outbox, sending, stuck
from monitoring_pipelines.store.outbox import Op
from monitoring_pipelines.store.stuck import Blocked, Retried
from tests.store.box import HERE, NOW, SECOND

if TYPE_CHECKING:
    from datetime import datetime

    from tests.store.box import Box

LATER = NOW + timedelta(days=9)


def bury(box: Box, now: datetime = NOW) -> None:
    box.then(sending.bury, box.claimed(now), "msg_too_long")


def retry(box: Box, *ids: int) -> Retried:
    with box.engine.begin() as connection:
        return stuck.retry(connection, LATER, ids)


def test_what_was_given_up_is_listed_and_tried_again(box: Box) -> None:
    for number in range(3):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    bury(box)
    bury(box)
    with box.engine.connect() as connection:
        rows = stuck.unsent(connection)
    assert [(r["state"], r["last_error"]) for r in rows] == [
        ("dead", "msg_too_long"), ("dead", "msg_too_long"), ("ready", None),
    ]  # fmt: skip
    assert "payload" not in rows[0]
    assert retry(box, rows[0]["id"]) == Retried(again=1, outdated=0)
    again = box.claimed(LATER)
    # its age counts anew, and whether it was taken is still looked up
    assert (again.incident, again.attempts, again.unsure_since) == ("inc_2", 1, None)
    again = box.claimed(LATER)
    assert (again.incident, again.attempts, again.unsure_since) == ("inc_0", 1, NOW)
    box.then(sending.later, again, "not reached", None, LATER)
    assert [state for _, state in box.states()] == ["ready", "dead", "inflight"]
    assert retry(box) == Retried(again=1, outdated=0)
    assert retry(box) == Retried(again=0, outdated=0)


def test_words_that_newer_ones_replaced_are_not_said_any_more(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    bury(box)
    box.queue(Op.REMIND, 2)
    bury(box)
    box.queue(Op.RESOLVE, 3)
    box.queue(Op.OPEN, 1, incident="inc_2")
    box.queue(Op.EVIDENCE, 2, incident="inc_2")
    box.then(sending.sent, box.claimed(), None, NOW)
    bury(box)
    # the reminder is no state of the incident: whoever asks for it gets it
    assert retry(box) == Retried(again=2, outdated=1)
    assert box.states() == [
        (1, "superseded"), (2, "ready"), (3, "sent"), (1, "ready"), (2, "ready"),
    ]  # fmt: skip


def test_blocked_destinations_are_named_and_probed_at_once(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.OPEN, 1, incident="inc_2")
    box.queue(Op.OPEN, 1, incident="inc_3", place="slack:C0OTHER")
    box.then(sending.block, box.claimed(), "is_archived", NOW)
    with box.engine.connect() as connection:
        assert stuck.blocked(connection) == [Blocked(HERE, NOW, "is_archived", 2)]
    assert box.claimed(NOW + SECOND).destination == "slack:C0OTHER"
    assert box.claim(NOW + SECOND) is None
    with box.engine.begin() as connection:
        stuck.retry(connection, NOW + SECOND)
    assert box.claimed(NOW + SECOND).destination == HERE


def test_retried_rows_are_ready(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    bury(box)
    retry(box)
    with box.engine.connect() as connection:
        row = connection.execute(sa.select(outbox.outbox)).mappings().one()
    assert (row["state"], row["attempts"], row["created_at"]) == ("ready", 0, LATER)


def test_a_destination_that_is_out_of_reach_for_long_is_told_like_a_blocked_one(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.ESCALATE, 2)
    now = NOW
    for tried in range(1, stuck.TRIES + 1):
        with box.engine.connect() as connection:
            assert stuck.blocked(connection) == [], tried
        box.then(sending.later, box.claimed(now), "not reached", None, now)
        now += sending.PROBE
    with box.engine.connect() as connection:
        assert stuck.blocked(connection) == [stuck.Blocked(HERE, NOW, "not reached", 2)]
    box.then(sending.sent, box.claimed(now), None, now)
    with box.engine.connect() as connection:
        assert stuck.blocked(connection) == []


def test_a_service_that_asks_for_patience_is_not_out_of_reach(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    now = NOW
    for _ in range(stuck.TRIES + 1):
        box.then(sending.later, box.claimed(now), "ratelimited", 7.0, now)
        now += sending.PROBE
    with box.engine.connect() as connection:
        assert stuck.blocked(connection) == []
