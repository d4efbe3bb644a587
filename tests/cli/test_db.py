"""`mlmon db upgrade` creates or migrates the database."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Project


def test_an_empty_database_is_created(project: Project) -> None:
    for _ in range(2):  # the second time there is nothing to do
        done = project("db", "upgrade")
        assert done.exit_code == 0, done.output
        assert done.stdout.rstrip().endswith("monitoring.db: version 0005")


def test_another_database_is_named_by_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = project.root / "elsewhere.db"
    monkeypatch.setenv("MONITORING_DATABASE_URL", f"sqlite:///{file}")
    assert project("db", "upgrade").exit_code == 0
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (0,)
    connection.close()


def test_a_database_that_is_none_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITORING_DATABASE_URL", "mysql://user:secret@host/x")
    done = project("db", "upgrade")
    assert done.exit_code == 2
    assert done.stderr.startswith("mlmon: 'mysql'")
    assert "secret" not in done.stderr


def test_the_roles_are_printed(project: Project) -> None:
    done = project("db", "roles")
    assert done.exit_code == 0
    assert "GRANT SELECT, INSERT ON incident_events, evidence TO monitoring_writer;" in done.stdout
