"""The monitoring database: SQLite by default, Postgres in production."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy import event

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.store.migrations import runner

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_TIMEOUT_MS = 60_000
# arbitrary and constant: what locks of ours on a Postgres server are told apart by
LOCK_SPACE = 0x6D6C


@dataclass(frozen=True, slots=True)
class Store:
    """An open database at the schema of this release."""

    engine: sa.Engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at `url`; an empty one is created.

        Raises
        ------
        StoreError
            If it cannot be reached, is no database, or is of another release.
        """
        store = cls(_engine(url))
        with store._told():
            found = runner.version(store.engine)
            if found is None:
                store.upgrade()
            elif found != runner.head():
                raise StoreError(_other_version(store.label, found))
        return store

    @classmethod
    def connect(cls, url: str) -> Self:
        """Open the database at whatever schema it has, to look at it or to upgrade it."""
        return cls(_engine(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    @property
    def label(self) -> str:
        """URL without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def version(self) -> str | None:
        """Version of the schema that the database has; None of an empty one."""
        with self._told():
            return runner.version(self.engine)

    def upgrade(self) -> None:
        """Bring the schema to this release; several processes may do so at once."""
        with self._told(), self.write() as connection:
            lock(connection, "schema")
            runner.upgrade(connection)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent look at the database."""
        with self._told(), self.engine.connect() as plain:
            yield plain.execution_options(monitoring_reads=True)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is stored, or nothing."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            detail = " ".join(str(error.orig).split())
            raise StoreError(
                f"The monitoring database {self.label} cannot be used: {detail[:300]}. "
                "Check MONITORING_DATABASE_URL; `mlmon doctor` looks at it."
            ) from error


def lock(connection: sa.Connection, name: str) -> None:
    """Wait until no other transaction holds the lock `name`; it ends with the transaction.

    SQLite's write transactions exclude each other anyway.
    """
    if connection.dialect.name == "postgresql":
        key = sa.func.hashtext(name)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_SPACE, key)))


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))
    except sa.exc.ArgumentError as error:
        raise StoreError(
            "MONITORING_DATABASE_URL is no database URL; write "
            "postgresql://user:password@host:5432/name or sqlite:///file.db."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() != "postgresql":
        raise StoreError(
            f"MONITORING_DATABASE_URL names '{parsed.get_backend_name()}'; "
            "results are kept in SQLite or in Postgres."
        )
    return sa.create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder of '{url.database}' cannot be made: {error}.") from error
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # a transaction that reads first and writes later cannot wait for the lock in SQLite; one
        # that may write therefore takes it at once
        reads = connection.get_execution_options().get("monitoring_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _other_version(label: str, found: str) -> str:
    if runner.knows(found):
        return (
            f"The monitoring database {label} is at version {found}, this release needs "
            f"{runner.head()}: run `mlmon db upgrade`."
        )
    return (
        f"The monitoring database {label} is at version {found}, which this release does not "
        "know: it was upgraded by a newer one. Install that one here."
    )
