"""Runs the migrations without an `alembic.ini`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    import sqlalchemy as sa

# beside Dagster's own `alembic_version` in one database
VERSION_TABLE = "monitoring_alembic_version"


def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)


def head() -> str:
    """Version that this release needs."""
    return str(_scripts()[1].get_current_head())


def knows(version: str) -> bool:
    """Whether `version` is one of this release's."""
    return any(script.revision == version for script in _scripts()[1].walk_revisions())


def version(engine: sa.Engine) -> str | None:
    """Version of a database; None if it has no tables of ours."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision()


def upgrade(connection: sa.Connection) -> None:
    """Bring a database to `head` within the caller's transaction."""
    config, scripts = _scripts()
    with EnvironmentContext(
        config,
        scripts,
        fn=lambda revision, _: scripts._upgrade_revs("head", revision),  # noqa: SLF001 - what Alembic's own command does
    ) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()
