from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import LEASE, MAX_AGE, MAX_ATTEMPTS, PROBE, Claim, Op, Told
from monitoring_pipelines.store.schema import destinations
from tests.alerts.histories import START as NOW

if TYPE_CHECKING:
    from datetime import datetime

HERE = "slack:C0ALERTS"
SECOND = timedelta(seconds=1)


class Box:
    """The outbox with a transaction around every step, as a process uses it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def queue(
        self,
        op: Op,
        seq: int,
        incident: str = "inc_1",
        place: str = HERE,
        not_before: datetime | None = None,
    ) -> None:
        said = Told(seq, op, {"seq": seq})
        with self.engine.begin() as connection:
            outbox.enqueue(connection, incident, place, said, NOW, not_before)

    def claim(self, now: datetime = NOW, owner: str = "me", service: str = "slack") -> Claim | None:
        with self.engine.begin() as connection:
            return outbox.claim(connection, [service], owner, now)

    def claimed(self, now: datetime = NOW) -> Claim:
        found = self.claim(now)
        assert found is not None
        return found

    def then(self, step: Any, *arguments: Any) -> None:
        with self.engine.begin() as connection:
            step(connection, *arguments)

    def states(self) -> list[tuple[int, str]]:
        table = outbox.outbox.c
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(table.seq, table.state).order_by(table.id))
            return [(seq, state) for seq, state in rows]


@pytest.fixture
def box(alert_engine: sa.Engine) -> Box:
    return Box(alert_engine)


def test_a_message_is_claimed_once_and_then_sent(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    claimed = box.claimed()
    assert (claimed.idem, claimed.payload) == ("inc_1:slack:C0ALERTS:open:1", {"seq": 1})
    assert (claimed.attempts, claimed.unsure_since) == (1, None)
    assert box.claim() is None
    box.then(outbox.sent, claimed, ("C0ALERTS", "1.5"), NOW)
    assert box.states() == [(1, "sent")]
    with box.engine.connect() as connection:
        assert outbox.place(connection, claimed) == ("C0ALERTS", "1.5")


def test_the_same_message_cannot_be_queued_twice(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    with pytest.raises(sa.exc.IntegrityError):
        box.queue(Op.OPEN, 1)


def test_messages_of_an_incident_keep_their_order_and_others_do_not_wait(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    first = box.claimed()
    box.queue(Op.UPDATE, 2)
    box.queue(Op.OPEN, 1, incident="inc_2")
    second = box.claimed()
    assert [first.incident, second.incident] == ["inc_1", "inc_2"]
    assert box.claim() is None
    box.then(outbox.sent, first, ("C0ALERTS", "1.5"), NOW)
    assert box.claimed().op is Op.UPDATE


def test_only_the_newest_edit_is_kept(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.claimed()
    for seq, op in enumerate([Op.UPDATE, Op.UPDATE, Op.RESOLVE], start=2):
        box.queue(op, seq)
    assert box.states() == [(1, "inflight"), (2, "superseded"), (3, "superseded"), (4, "ready")]


def test_an_edit_of_what_was_not_said_yet_changes_its_words(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.EVIDENCE, 2)
    box.queue(Op.UPDATE, 3)
    assert box.states() == [(1, "ready"), (2, "ready")]
    assert box.claimed().payload == {"seq": 3, "mentions": []}


def test_an_edit_that_may_be_on_its_way_is_not_superseded(box: Box) -> None:
    box.queue(Op.UPDATE, 1)
    box.claimed()
    box.queue(Op.UPDATE, 2)
    assert box.states() == [(1, "inflight"), (2, "ready")]


def test_what_no_service_reaches_stays(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    assert box.claim(service="pager") is None
    with box.engine.begin() as connection:
        assert outbox.claim(connection, [], "me", NOW) is None
    assert box.states() == [(1, "ready")]


def test_after_a_crash_the_lease_must_be_over(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    crashed = box.claimed()
    assert box.claim(NOW + LEASE - SECOND) is None
    again = box.claimed(NOW + LEASE)
    assert (again.attempts, again.unsure_since) == (2, NOW)
    # the first one comes back from the dead and must not write over the second
    box.then(outbox.sent, crashed, ("C0ALERTS", "1.5"), NOW)
    box.then(outbox.bury, crashed, "late")
    assert box.states() == [(1, "inflight")]


def test_what_was_not_taken_is_tried_later_each_time(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    now, waits = NOW, []
    for _ in range(5):
        claimed = box.claimed(now)
        box.then(outbox.later, claimed, "not reached", None, now)
        wait = next(s for s in range(1, 2_000) if _is_due(box, now + s * SECOND))
        waits.append(wait)
        now += wait * SECOND
    assert waits == [2, 4, 8, 16, 32]


def _is_due(box: Box, now: datetime) -> bool:
    with box.engine.connect() as connection, connection.begin() as transaction:
        found = outbox.claim(connection, ["slack"], "look", now)
        transaction.rollback()
    return found is not None


def test_the_service_limits_the_channel_and_not_the_message(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.OPEN, 1, incident="inc_2")
    box.queue(Op.OPEN, 1, incident="inc_3", place="slack:C0OTHER")
    box.then(outbox.later, box.claimed(), "ratelimited", 30.0, NOW)
    assert box.claimed().incident == "inc_3"
    assert box.claim(NOW + 29 * SECOND) is None
    assert box.claimed(NOW + 30 * SECOND).incident in {"inc_1", "inc_2"}


def test_twelve_tries_are_enough(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    now = NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = box.claimed(now)
        assert claimed.attempts == attempt
        if attempt % 2:
            box.then(outbox.later, claimed, "not reached", None, now)
        else:
            box.then(outbox.unsure, claimed, "TimeoutError", now)
        now += timedelta(hours=1)
    assert box.states() == [(1, "dead")]


@pytest.mark.parametrize("step", [outbox.unsure, outbox.block])
def test_seven_days_are_enough(box: Box, step: Any) -> None:
    box.queue(Op.OPEN, 1)
    late = NOW + MAX_AGE + SECOND
    box.then(step, box.claimed(late), "channel_not_found", late)
    assert box.states() == [(1, "dead")]


def test_a_message_that_is_too_old_is_not_put_off_again(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    late = NOW + MAX_AGE + SECOND
    box.then(outbox.later, box.claimed(late), "ratelimited", 30.0, late)
    assert box.states() == [(1, "dead")]


def test_what_nobody_knows_of_keeps_its_first_time(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.then(outbox.unsure, box.claimed(), "TimeoutError", NOW)
    second = box.claimed(NOW + LEASE)
    # the look-up itself failed: the doubt stays
    box.then(outbox.later, second, "ratelimited", 5.0, NOW + LEASE)
    assert box.claimed(NOW + 2 * LEASE).unsure_since == NOW


def test_a_destination_that_must_be_mended_blocks_all_its_messages_and_is_probed(box: Box) -> None:
    for number in range(3):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    box.then(outbox.block, box.claimed(), "not_in_channel", NOW)
    assert [state for _, state in box.states()] == ["blocked"] * 3
    assert box.claim(NOW + PROBE - SECOND) is None
    probe = box.claimed(NOW + PROBE)
    # one message probes, and a probe is no attempt
    assert probe.attempts == 1
    assert box.claim(NOW + PROBE) is None
    box.then(outbox.block, probe, "not_in_channel", NOW + PROBE)
    with box.engine.connect() as connection:
        row = connection.execute(sa.select(destinations)).one()
    assert (row.state, row.since, row.error) == ("blocked", NOW, "not_in_channel")
    works = NOW + 2 * PROBE
    box.then(outbox.sent, box.claimed(works), ("C0ALERTS", "1.5"), works)
    assert sorted(state for _, state in box.states()) == ["ready", "ready", "sent"]
    assert box.claim(works) is not None


def test_a_new_message_for_a_blocked_destination_waits_too(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.then(outbox.block, box.claimed(), "is_archived", NOW)
    box.queue(Op.OPEN, 1, incident="inc_2")
    assert box.claim(NOW + SECOND) is None


def test_a_place_can_be_forgotten(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    claimed = box.claimed()
    box.then(outbox.sent, claimed, ("C0ALERTS", "1.5"), NOW)
    box.then(outbox.forget_place, claimed)
    with box.engine.connect() as connection:
        assert outbox.place(connection, claimed) is None
        assert outbox.told(connection, "inc_1") == {HERE: Told(1, Op.OPEN, {"seq": 1}, NOW)}
        assert outbox.counts(connection) == {"sent": 1}


def test_many_claimers_never_take_the_same_message(box: Box) -> None:
    for number in range(24):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    taken: list[int] = []

    def work(owner: str) -> None:
        while (found := box.claim(owner=owner)) is not None:
            taken.append(found.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 24


def test_what_waits_for_its_time_can_be_dropped_whole(box: Box) -> None:
    box.queue(Op.OPEN, 1, not_before=NOW + 9 * SECOND)
    box.queue(Op.EVIDENCE, 2, not_before=NOW + 9 * SECOND)
    assert box.claim(NOW + 8 * SECOND) is None
    with box.engine.begin() as connection:
        assert outbox.cancel_held(connection, "inc_1", HERE, NOW)
        assert outbox.told(connection, "inc_1")[HERE].called_at is None
        assert not outbox.cancel_held(connection, "inc_1", HERE, NOW)
    assert box.claim(NOW + 10 * SECOND) is None


def test_what_is_due_is_not_dropped(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    with box.engine.begin() as connection:
        assert not outbox.cancel_held(connection, "inc_1", HERE, NOW)


def test_only_calls_count_as_calls(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.EVIDENCE, 2)
    box.queue(Op.REMIND, 3, not_before=NOW + SECOND)
    box.queue(Op.UPDATE, 4)
    with box.engine.connect() as connection:
        told = outbox.told(connection, "inc_1")[HERE]
    assert (told.seq, told.op, told.called_at) == (4, Op.UPDATE, NOW + SECOND)
