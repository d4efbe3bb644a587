"""What tests of several packages need: databases and the public test data."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.store.database import Store
from tests import postgres
from tests.golden.public_data import folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test come first: begun last, one would keep a single core busy."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a server where databases may be created, or skip."""
    given = os.environ.get("MONITORING_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a fresh Postgres database."""
    with postgres.database(postgres_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh, empty database: SQLite, then Postgres."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/monitoring.db"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def store(database_url: str) -> Store:
    """A fresh, migrated monitoring database."""
    return Store.open(database_url)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder with the public data sets, or skip."""
    return folder()
