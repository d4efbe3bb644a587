from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.store import outbox, sending
from monitoring_pipelines.store.outbox import Op, Told
from monitoring_pipelines.store.schema import destinations
from monitoring_pipelines.store.sending import LEASE, MAX_AGE, MAX_ATTEMPTS, PATIENCE, PROBE
from tests.store.box import HERE, NOW, SECOND, Box

if TYPE_CHECKING:
    from datetime import datetime


def places_of(box: Box, claimed: sending.Claim) -> tuple[str, str, str | None] | None:
    with box.engine.connect() as connection:
        return sending.place(connection, claimed.incident, claimed.destination)


def test_a_message_is_claimed_once_and_then_sent(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    claimed = box.claimed()
    assert (claimed.idem, claimed.payload) == ("inc_1:slack:C0ALERTS:open:1", {"seq": 1})
    assert (claimed.attempts, claimed.unsure_since) == (1, None)
    assert box.claim() is None
    box.then(sending.sent, claimed, ("C0ALERTS", "1.5", None), NOW)
    assert box.states() == [(1, "sent")]
    assert places_of(box, claimed) == ("C0ALERTS", "1.5", None)


def test_messages_of_an_incident_keep_their_order_and_others_do_not_wait(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    first = box.claimed()
    box.queue(Op.UPDATE, 2)
    box.queue(Op.OPEN, 1, incident="inc_2")
    second = box.claimed()
    assert [first.incident, second.incident] == ["inc_1", "inc_2"]
    assert box.claim() is None
    box.then(sending.sent, first, ("C0ALERTS", "1.5", None), NOW)
    assert box.claimed().op is Op.UPDATE


def test_what_no_service_reaches_stays(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    with box.engine.begin() as connection:
        assert sending.waiting_at(connection) == {HERE}
        assert sending.claim(connection, {"pagerduty:KEY": timedelta()}, "me", NOW) is None
        assert sending.claim(connection, {}, "me", NOW) is None
    assert box.states() == [(1, "ready")]


def test_after_a_crash_the_lease_must_be_over(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    crashed = box.claimed()
    assert box.claim(NOW + LEASE - SECOND) is None
    again = box.claimed(NOW + LEASE)
    assert (again.attempts, again.unsure_since) == (2, NOW)
    # the first one comes back from the dead and must not write over the second
    box.then(sending.sent, crashed, ("C0ALERTS", "1.5", None), NOW)
    box.then(sending.bury, crashed, "late")
    assert box.states() == [(1, "inflight")]


def test_what_was_not_taken_is_tried_later_each_time(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    now, waits = NOW, []
    for _ in range(5):
        claimed = box.claimed(now)
        box.then(sending.later, claimed, "not reached", None, now)
        wait = next(s for s in range(1, 2_000) if _is_due(box, now + s * SECOND))
        waits.append(wait)
        now += wait * SECOND
    assert waits == [2, 4, 8, 16, 32]


def _is_due(box: Box, now: datetime) -> bool:
    with box.engine.connect() as connection, connection.begin() as transaction:
        found = sending.claim(connection, {HERE: timedelta()}, "look", now)
        transaction.rollback()
    return found is not None


def test_the_service_limits_the_channel_and_not_the_message(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.queue(Op.OPEN, 1, incident="inc_2")
    box.queue(Op.OPEN, 1, incident="inc_3", place="slack:C0OTHER")
    box.then(sending.later, box.claimed(), "ratelimited", 30.0, NOW)
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
            box.then(sending.later, claimed, "not reached", None, now)
        else:
            box.then(sending.unsure, claimed, "TimeoutError", now)
        now += timedelta(hours=1)
    assert box.states() == [(1, "dead")]


@pytest.mark.parametrize("step", [sending.unsure, sending.block])
def test_seven_days_are_enough(box: Box, step: Any) -> None:
    box.queue(Op.OPEN, 1)
    late = NOW + MAX_AGE + SECOND
    box.then(step, box.claimed(late), "channel_not_found", late)
    assert box.states() == [(1, "dead")]


def test_a_message_that_is_too_old_is_not_put_off_again(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    late = NOW + MAX_AGE + SECOND
    box.then(sending.later, box.claimed(late), "ratelimited", 30.0, late)
    assert box.states() == [(1, "dead")]


def test_what_nobody_knows_of_keeps_its_first_time(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.then(sending.unsure, box.claimed(), "TimeoutError", NOW)
    second = box.claimed(NOW + LEASE)
    # the look-up itself failed: the doubt stays
    box.then(sending.later, second, "ratelimited", 5.0, NOW + LEASE)
    assert box.claimed(NOW + 2 * LEASE).unsure_since == NOW


def test_a_destination_that_must_be_mended_blocks_all_its_messages_and_is_probed(box: Box) -> None:
    for number in range(3):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    box.then(sending.block, box.claimed(), "not_in_channel", NOW)
    assert [state for _, state in box.states()] == ["blocked"] * 3
    assert box.claim(NOW + PROBE - SECOND) is None
    probe = box.claimed(NOW + PROBE)
    # one message probes, and a probe is no attempt
    assert probe.attempts == 1
    assert box.claim(NOW + PROBE) is None
    box.then(sending.block, probe, "not_in_channel", NOW + PROBE)
    with box.engine.connect() as connection:
        row = connection.execute(sa.select(destinations)).one()
    assert (row.state, row.since, row.error) == ("blocked", NOW, "not_in_channel")
    works = NOW + 2 * PROBE
    box.then(sending.sent, box.claimed(works), ("C0ALERTS", "1.5", None), works)
    assert sorted(state for _, state in box.states()) == ["ready", "ready", "sent"]
    assert box.claim(works) is not None


def test_a_new_message_for_a_blocked_destination_waits_too(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    box.then(sending.block, box.claimed(), "is_archived", NOW)
    box.queue(Op.OPEN, 1, incident="inc_2")
    assert box.claim(NOW + SECOND) is None


def test_a_place_can_be_forgotten(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    claimed = box.claimed()
    box.then(sending.sent, claimed, ("C0ALERTS", "1.5", None), NOW)
    box.then(sending.forget_place, claimed)
    with box.engine.connect() as connection:
        assert sending.place(connection, "inc_1", HERE) is None
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


def test_a_channel_used_a_moment_ago_waits_and_others_go_on(box: Box) -> None:
    for number in range(3):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    box.queue(Op.OPEN, 1, incident="inc_9", place="slack:C0OTHER")
    found = [box.claim(NOW, gap=SECOND) for _ in range(3)]
    assert [c and c.incident for c in found] == ["inc_0", "inc_9", None]
    pace = dict.fromkeys([HERE, "slack:C0OTHER"], SECOND)
    with box.engine.connect() as connection:
        assert sending.next_turn(connection, pace, NOW) == NOW + SECOND
        # nothing waits for its turn alone
        assert sending.next_turn(connection, {"slack:C0OTHER": SECOND}, NOW) is None
    assert box.claim(NOW + SECOND / 2, gap=SECOND) is None
    second = box.claim(NOW + SECOND, gap=SECOND)
    assert second is not None
    assert second.incident == "inc_1"
    assert box.claim(NOW + SECOND, gap=SECOND) is None


def test_two_claimers_share_the_pace_of_a_channel(box: Box) -> None:
    for number in range(8):
        box.queue(Op.OPEN, 1, incident=f"inc_{number}")
    taken: list[int] = []

    def work(owner: str) -> None:
        for _ in range(4):
            found = box.claim(owner=owner, gap=SECOND)
            if found is not None:
                taken.append(found.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_a_message_waits_for_the_one_that_it_is_to_stand_under(box: Box) -> None:
    box.queue(Op.OPEN, 1, incident="inc_2", under="inc_1")
    assert box.claim() is None
    box.queue(Op.OPEN, 1, incident="inc_1")
    first = box.claimed()
    assert (first.incident, box.claim()) == ("inc_1", None)
    # also if that takes long: the only one that can be claimed is the first, again
    first = box.claimed(NOW + 2 * PATIENCE)
    assert (first.incident, box.claim(NOW + 2 * PATIENCE)) == ("inc_1", None)
    box.then(sending.sent, first, ("C0ALERTS", "1.5", None), NOW)
    second = box.claimed()
    assert (second.incident, second.under) == ("inc_2", "inc_1")
    box.then(sending.sent, second, ("C0ALERTS", "1.6", "1.5"), NOW)
    assert places_of(box, second) == ("C0ALERTS", "1.6", "1.5")
    # it stands, so what follows has nothing to wait for
    box.then(sending.forget_place, first)
    box.queue(Op.UPDATE, 2, incident="inc_2", under="inc_1")
    assert box.claimed().op is Op.UPDATE


def test_one_that_nobody_queues_is_not_waited_for_for_ever(box: Box) -> None:
    box.queue(Op.OPEN, 1, incident="inc_2", under="inc_1")
    assert box.claim(NOW + PATIENCE - SECOND) is None
    assert box.claimed(NOW + PATIENCE).incident == "inc_2"


def test_two_that_wait_for_each_other_do_not_wait_for_ever(box: Box) -> None:
    box.queue(Op.OPEN, 1, incident="inc_1", under="inc_2")
    box.queue(Op.OPEN, 1, incident="inc_2", under="inc_1")
    assert box.claim() is None
    assert box.claim(NOW + PATIENCE) is not None


def test_what_cannot_stand_under_another_stands_alone(box: Box) -> None:
    box.queue(Op.OPEN, 1, incident="inc_1")
    box.then(sending.sent, box.claimed(), ("C0ALERTS", "1.5", None), NOW)
    box.queue(Op.OPEN, 1, incident="inc_2", under="inc_1")
    claimed = box.claimed()
    box.then(sending.alone, claimed)
    box.then(sending.later, claimed, "thread_not_found", None, NOW)
    assert box.claimed(NOW + LEASE).under is None


def test_words_do_not_wait_for_a_picture(box: Box) -> None:
    box.queue(Op.PICTURE, 1)
    box.queue(Op.UPDATE, 2)
    assert [box.claimed().op, box.claimed().op] == [Op.PICTURE, Op.UPDATE]


def test_something_else_can_be_said_in_its_place(box: Box) -> None:
    box.queue(Op.PICTURE, 1)
    box.then(sending.instead, box.claimed(), {"words": 1}, "file_uploads_disabled")
    again = box.claimed()
    assert (again.payload, again.attempts, again.unsure_since) == ({"words": 1}, 1, None)


def test_what_was_surely_not_taken_is_not_looked_up_after_it_was_given_up(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    claimed = box.claimed()
    with box.engine.begin() as connection:
        sending.bury(connection, claimed, "msg_too_long", is_known=True)
        table = outbox.outbox.c
        assert connection.execute(sa.select(table.state, table.sent_from)).one() == ("dead", None)
