"""Connections to SQLite and Postgres, and what to say when there is none."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from monitoring_pipelines.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_FILE = ".monitoring/monitoring.db"
BUSY_TIMEOUT_S = 60
CONNECT_TIMEOUT_S = 10
POSTGRES_DRIVER = "postgresql+psycopg"

FORBIDDEN = "42501"  # insufficient_privilege

# execution options of a connection that only reads: one snapshot for all its statements
READING: dict[str, dict[str, Any]] = {
    "sqlite": {"monitoring_reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def parsed(url: str | None) -> sa.URL:
    """The URL of a database that this package can use, with driver and absolute path."""
    if url is None:
        return sa.URL.create("sqlite", database=str(Path(DEFAULT_FILE).absolute()))
    try:
        found = sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        # the text is not repeated, since it may hold a password
        raise StoreError(
            "The database URL cannot be understood. Write it as "
            "`postgresql://user:password@host:5432/name` or `sqlite:///folder/file.db`; "
            "special characters in the password are percent-encoded."
        ) from None
    if found.drivername in ("postgres", "postgresql"):
        return found.set(drivername=POSTGRES_DRIVER)
    if found.get_backend_name() == "sqlite":
        return _file_url(found)
    if found.get_backend_name() != "postgresql":
        raise StoreError(
            f"'{found.drivername}' cannot hold the monitoring database. Use SQLite or Postgres."
        )
    return found


def _file_url(url: sa.URL) -> sa.URL:
    if url.database in (None, "", ":memory:"):
        raise StoreError(
            "An SQLite database in memory is lost when the process ends. Name a file, as in "
            "`sqlite:///monitoring.db`."
        )
    # absolute, so that it stays the same file if the process changes its folder
    return url.set(database=str(Path(str(url.database)).absolute()))


def label(url: sa.URL) -> str:
    """The URL as it may be shown: no password, neither before the host nor in the query."""
    secret = [key for key in url.query if "password" in key.lower()]
    return url.difference_update_query(secret).render_as_string(hide_password=True)


def create(url: sa.URL) -> sa.Engine:
    """An engine for `url`; an SQLite file's folder is created.

    There is no pool: a connection never outlives its transaction, so the engine may be used by
    threads and forked processes and needs no closing.
    """
    if url.get_backend_name() != "sqlite":
        timeout = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}
        return sa.create_engine(url, poolclass=sa.NullPool, connect_args=timeout)
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder '{folder}' of the monitoring database cannot be created: "
            f"{error.strerror}. Choose another with MONITORING_DATABASE_URL."
        ) from None
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, record: object) -> None:
    del record
    # the driver would begin transactions late, and only for some statements
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _on_sqlite_begin(connection: sa.Connection) -> None:
    # a transaction that reads first and writes later cannot wait for another writer: SQLite says
    # "database is locked" at once. One that takes the write lock at its start waits its turn.
    reading = connection.get_execution_options().get("monitoring_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def said(error: exc.DBAPIError) -> str:
    """What the driver says, on one line, without the full stop."""
    return " ".join(str(error.orig).split())[:300].rstrip(".?! ")


@contextmanager
def explained(shown: str) -> Iterator[None]:
    """Turn what the driver says about an unusable database into one sentence."""
    try:
        yield
    except exc.DatabaseError as error:
        if getattr(error.orig, "sqlstate", None) == FORBIDDEN:
            raise StoreError(
                f"The monitoring database '{shown}' does not allow that: {said(error)}. "
                "`mlmon db roles` prints which role may do what."
            ) from None
        if isinstance(error, exc.IntegrityError | exc.DataError | exc.ProgrammingError):
            raise  # a wrong statement of ours is no state of the database
        raise StoreError(
            f"The monitoring database '{shown}' cannot be used: {said(error)}. "
            "Check MONITORING_DATABASE_URL."
        ) from None
