"""What the tests of the pipeline share: a project, databases, and a Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.fake_slack import FakeSlack, without_proxy
from tests.pipeline.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy as sa


@pytest.fixture(params=["sqlite", "postgres"])
def alert_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh database with all tables, SQLite and then Postgres."""
    yield from databases.new(request, tmp_path, request.param)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    without_proxy(monkeypatch)
    with FakeSlack() as running:
        yield running


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """An empty project of one declared model."""
    lab = Lab(tmp_path)
    yield lab
    lab.store.engine.dispose()
