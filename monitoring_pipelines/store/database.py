"""The monitoring database: opened, versioned, and used in whole transactions."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.store import engine as engines
from monitoring_pipelines.store import evidence, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from monitoring_pipelines.governance.chain import Key


@dataclass(frozen=True)
class Store:
    """An open monitoring database. It holds no connection, so it need not be closed."""

    engine: sa.Engine

    @classmethod
    def open(
        cls, url: str | None = None, *, upgrade: bool | None = None, keys: Sequence[Key] = ()
    ) -> Store:
        """Open the database at `url`, or the SQLite file ``.monitoring/monitoring.db``.

        Parameters
        ----------
        url
            ``sqlite:///file.db`` or ``postgresql://user:password@host/name``.
        upgrade
            What to do with a database that is not at the version of this release. None creates
            the tables in an empty database and refuses an outdated one, True also brings an
            outdated one up to date, False changes nothing.
        keys
            Secrets of the evidence chain: the first seals new records, the others opened older
            ones.

        Raises
        ------
        StoreError
            If it cannot be reached, is no database, or is outdated or too new.
        """
        store = cls(evidence.with_keys(engines.create(engines.parsed(url)), keys))
        if upgrade:
            store.upgrade()
            return store
        with store.read() as connection:
            found = versions.current(connection)
        if found is None and upgrade is None:
            store._migrate(only_if_empty=True)
        else:
            versions.check(found, store.label)
        return store

    @property
    def label(self) -> str:
        """The URL as it may be shown, without the password."""
        return engines.label(self.engine.url)

    @property
    def version(self) -> str | None:
        """Version of the tables, None if there are none."""
        with self.read() as connection:
            return versions.current(connection)

    def upgrade(self) -> None:
        """Bring the tables to the version of this release; of several callers one does it."""
        self._migrate(only_if_empty=False)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is stored, or nothing.

        On SQLite there is one writer at a time, so compute first and write then.
        """
        with (
            engines.explained(self.label),
            self.engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view of the database, which later writes do not change."""
        options = engines.READING[self.engine.dialect.name]
        with (
            engines.explained(self.label),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def _migrate(self, *, only_if_empty: bool) -> None:
        with self.write() as connection:
            versions.upgrade(connection, self.label, only_if_empty=only_if_empty)
        if self.engine.dialect.name == "sqlite":
            self._write_ahead()

    def _write_ahead(self) -> None:
        """Let readers and the writer of an SQLite file not wait for each other.

        The mode is a property of the file. Changing it needs the file alone and does not wait
        for the others by itself; losing this race several times only costs concurrency.
        """
        for attempt in range(10):
            with closing(self.engine.raw_connection()) as connection:
                try:
                    connection.cursor().execute("PRAGMA journal_mode = WAL")
                except sqlite3.OperationalError:
                    time.sleep(0.05 * attempt)
                else:
                    return
