"""What a channel has to remember between processes: facts about its service, and its uploads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from monitoring_pipelines.store.locks import exclusive
from monitoring_pipelines.store.schema import learned, uploads

# a workspace may get another plan: what it refused is tried again some day
VALID = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Memory:
    """Each call is a transaction of its own, since a service cannot be rolled back."""

    engine: sa.Engine

    def knows(self, service: str, fact: str, valid: timedelta = VALID) -> bool:
        """Whether `fact` was learned about `service`, less than `valid` ago."""
        with self.engine.begin() as connection:
            at = connection.scalar(
                sa.select(learned.c.at).where(learned.c.service == service, learned.c.fact == fact)
            )
        return at is not None and datetime.now(UTC) - at < valid

    def learn(self, service: str, fact: str) -> None:
        """Remember `fact` from now on."""
        with self.engine.begin() as connection:
            exclusive(connection, f"learned:{service}")
            is_it = (learned.c.service == service) & (learned.c.fact == fact)
            now = datetime.now(UTC)
            if not connection.execute(learned.update().where(is_it).values(at=now)).rowcount:
                connection.execute(learned.insert().values(service=service, fact=fact, at=now))

    def upload(self, idem: str) -> tuple[str, str] | None:
        """Id of the file that was begun for a message, and how far it came."""
        with self.engine.begin() as connection:
            row = connection.execute(
                sa.select(uploads.c.file_id, uploads.c.state).where(uploads.c.idem == idem)
            ).first()
        return (row.file_id, row.state) if row else None

    def keep_upload(self, idem: str, file_id: str, sha256: str, state: str) -> None:
        """Remember the file of a message and how far it came."""
        with self.engine.begin() as connection:
            connection.execute(uploads.delete().where(uploads.c.idem == idem))
            connection.execute(
                uploads.insert().values(idem=idem, file_id=file_id, sha256=sha256, state=state)
            )
