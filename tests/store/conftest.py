from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.store.box import Box

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy as sa


@pytest.fixture(params=["sqlite", "postgres"])
def alert_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh database with all tables, SQLite and then Postgres."""
    yield from databases.new(request, tmp_path, request.param)


@pytest.fixture
def box(alert_engine: sa.Engine) -> Box:
    return Box(alert_engine)
