"""Versions of the tables: which one a database has, and how it gets the newest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exc

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.store.adoption import adopt
from monitoring_pipelines.store.engine import said
from monitoring_pipelines.store.locks import exclusive

MIGRATIONS = Path(__file__).parent / "migrations"
# not Alembic's usual name, so that the tables can live beside Dagster's in one database
VERSION_TABLE = "monitoring_alembic_version"


def config(connection: sa.Connection) -> Config:
    """Alembic's configuration for one open connection."""
    settings = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


@cache
def known() -> tuple[str, ...]:
    """All versions that this release knows, newest first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return tuple(revision.revision for revision in script.walk_revisions())


def current(connection: sa.Connection) -> str | None:
    """Version of the database; None if it has none of our tables."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def check(found: str | None, shown: str) -> None:
    """Raise unless `found` is the version that this release works with."""
    newest = known()[0]
    if found == newest:
        return
    if found is None:
        raise StoreError(f"The monitoring database '{shown}' is empty: run `mlmon db upgrade`.")
    if found in known():
        raise StoreError(
            f"The monitoring database '{shown}' is at version {found}, this release needs "
            f"{newest}: run `mlmon db upgrade`."
        )
    raise StoreError(
        f"The monitoring database '{shown}' is at version {found}, newer than this release "
        f"knows ({newest}): upgrade the package monitoring-pipelines."
    )


def upgrade(connection: sa.Connection, shown: str, *, only_if_empty: bool = False) -> None:
    """Create or change the tables in the given transaction; of several callers one does it."""
    exclusive(connection, "versions")
    found = current(connection)
    if found is not None and (only_if_empty or found not in known()):
        return check(found, shown)
    try:
        command.upgrade(config(connection), "head")
        if found is not None:
            adopt(connection)
    except exc.ProgrammingError as error:
        raise StoreError(
            f"The tables of the monitoring database '{shown}' cannot be created: {said(error)}. "
            "Use a database or schema of its own in which the user may create tables."
        ) from None
    return None
