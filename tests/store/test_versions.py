from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from monitoring_pipelines.store import schema, versions

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store


def test_the_migrated_database_has_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": versions.VERSION_TABLE}
        )
        assert compare_metadata(context, schema.metadata) == []
