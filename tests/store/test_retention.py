from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import Delivery, Op
from monitoring_pipelines.store.retention import KEEP, tidy
from monitoring_pipelines.store.schema import incidents
from tests.store.box import NOW, SECOND

if TYPE_CHECKING:
    from tests.store.box import Box

OLD = NOW + KEEP + timedelta(days=1)


def incident(box: Box, id_: str, state: str) -> None:
    row: dict[str, Any] = {
        "id": id_, "model": "churn", "cause": "performance", "state": state, "severity": "high",
        "opened_window": NOW, "last_window": NOW, "title": "", "conditions": [],
        "announced": True, "run_id": "", "updated_at": NOW,
    }  # fmt: skip
    box.then(lambda connection: connection.execute(incidents.insert().values(**row)))


def all_sent(box: Box) -> None:
    box.then(lambda c: c.execute(outbox.outbox.update().values(state=Delivery.SENT, sent_at=NOW)))


def tidied(box: Box, now: Any = OLD) -> int:
    with box.engine.begin() as connection:
        return tidy(connection, now)


def test_of_what_is_over_the_newest_words_and_the_newest_call_stay(box: Box) -> None:
    incident(box, "inc_1", "resolved")
    for seq, op in enumerate([Op.OPEN, Op.EVIDENCE, Op.UPDATE, Op.REMIND, Op.RESOLVE, Op.PICTURE]):
        box.queue(op, seq)
    all_sent(box)
    assert tidied(box, NOW + KEEP) == 0
    # the edit became the words of the first message, which nobody had tried to send
    assert tidied(box) == 2
    assert [seq for seq, _ in box.states()] == [3, 4, 5]
    assert tidied(box) == 0


def test_what_is_open_or_waits_stays(box: Box) -> None:
    incident(box, "inc_1", "open")
    incident(box, "inc_2", "resolved")
    for seq in range(3):
        box.queue(Op.REMIND, seq)
    all_sent(box)
    for seq in range(3):
        box.queue(Op.REMIND, seq, incident="inc_2")
    assert tidied(box) == 0


def test_who_was_told_what_is_known_as_before(box: Box) -> None:
    rng = random.Random(3)
    states = [Delivery.SENT, Delivery.SUPERSEDED, Delivery.DEAD, Delivery.READY]
    for number in range(60):
        id_ = f"inc_{number}"
        incident(box, id_, rng.choice(["resolved", "withdrawn", "open"]))
        for seq in range(rng.randrange(1, 8)):
            box.queue(rng.choice(list(Op)), seq, incident=id_)
    with box.engine.begin() as connection:
        for (id_,) in connection.execute(sa.select(outbox.outbox.c.id)).all():
            state = rng.choices(states, [6, 3, 1, 1])[0]
            values = {"state": state, "sent_at": NOW + rng.randrange(99) * SECOND}
            mine = outbox.outbox.c.id == id_
            connection.execute(outbox.outbox.update().where(mine).values(**values))

    def known() -> list[Any]:
        with box.engine.connect() as connection:
            found = [outbox.told(connection, f"inc_{n}") for n in range(60)]
        # the kind of what nobody was told is nobody's
        return [
            {k: (t.seq, t.payload, t.called_at, t.payload and t.op) for k, t in f.items()}
            for f in found
        ]

    before = known()
    assert tidied(box, OLD + KEEP) > 50
    assert known() == before
