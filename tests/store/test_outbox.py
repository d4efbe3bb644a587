from __future__ import annotations

import pytest
import sqlalchemy as sa

from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import Op
from tests.store.box import HERE, NOW, SECOND, Box


def test_the_same_message_cannot_be_queued_twice(box: Box) -> None:
    box.queue(Op.OPEN, 1)
    with pytest.raises(sa.exc.IntegrityError):
        box.queue(Op.OPEN, 1)


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
