"""The outbox with a transaction around every step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.store import outbox, sending
from monitoring_pipelines.store.outbox import Op, Told
from tests.alerts.histories import START as NOW

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.store.sending import Claim

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
        under: str | None = None,
    ) -> None:
        said = Told(seq, op, {"seq": seq}, under=under)
        with self.engine.begin() as connection:
            outbox.enqueue(connection, incident, place, said, NOW, not_before)

    def claim(
        self, now: datetime = NOW, owner: str = "me", gap: timedelta = timedelta()
    ) -> Claim | None:
        with self.engine.begin() as connection:
            places = sending.waiting_at(connection)
            return sending.claim(connection, dict.fromkeys(places, gap), owner, now)

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
