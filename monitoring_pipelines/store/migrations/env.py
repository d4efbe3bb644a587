"""Alembic's entry: runs the migrations on the connection that `store.versions` made."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from monitoring_pipelines.store.schema import UtcDateTime, metadata


def _render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our time type as the plain one: a migration must not change with the package."""
    del autogen_context
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    target_metadata=metadata,
    render_item=_render,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
