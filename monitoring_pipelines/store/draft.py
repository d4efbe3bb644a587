"""Draft a migration: ``python -m monitoring_pipelines.store.draft 0002 "Add silences"``.

The tables of `store.schema` are compared with what the existing migrations make, and the
difference is written to ``migrations/versions``, to be read, corrected and committed. Before a
migration was released it may be deleted and drafted again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from monitoring_pipelines.store import engine as engines
from monitoring_pipelines.store import versions


def draft(revision: str, message: str) -> None:
    """Write the migration `revision` from the difference."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.create(engines.parsed(f"sqlite:///{Path(folder)}/draft.db"))
        with engine.begin() as connection:
            settings = versions.config(connection)
            command.upgrade(settings, "head")
            command.revision(settings, message=message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    draft(*sys.argv[1:3])
