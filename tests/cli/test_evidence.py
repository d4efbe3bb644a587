"""`mlmon evidence` on a small project: fine, tampered with, and misspelt."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Project


@pytest.fixture
def ran(project: Project) -> Project:
    project("run", "churn", "--to", "2026-03-04")
    return project


def change(project: Project, statement: str) -> None:
    connection = sqlite3.connect(project.root / ".monitoring" / "monitoring.db")
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_chain_as_it_was_written(ran: Project) -> None:
    told = ran.json("evidence", "verify")
    assert told["holds"]
    assert told["records"] > 3
    assert told["results"] == len(ran.json("results", "churn", "--history"))
    again = ran("evidence", "verify", "--anchor", told["head"])
    assert again.exit_code == 0
    assert again.stdout.rstrip().endswith(f"Head {told['head']}.")


def test_a_changed_result_exits_1_and_is_named(ran: Project) -> None:
    change(ran, "UPDATE results SET verdict = 'fail' WHERE metric = 'roc_auc'")
    done = ran("evidence", "verify")
    assert done.exit_code == 1
    assert "knows other rows for roc_auc of churn" in done.stdout
    assert ran("evidence", "verify", "--chain-only").exit_code == 0


def test_a_changed_record_exits_1_and_is_named(ran: Project) -> None:
    head = ran.json("evidence", "verify")["head"]
    change(ran, "DELETE FROM evidence WHERE seq = 3")
    told = ran.json("evidence", "verify")
    assert (told["holds"], told["first_bad_record"]) == (False, 3)
    change(ran, "DELETE FROM evidence WHERE seq > 2")
    assert ran("evidence", "verify", "--chain-only").exit_code == 0
    assert ran("evidence", "verify", "--chain-only", "--anchor", head).exit_code == 1


def test_an_export_is_verified_by_itself(ran: Project, tmp_path: Path) -> None:
    done = ran("evidence", "export", "--out", str(tmp_path / "e.zip"))
    assert done.exit_code == 0
    assert "evidence export, not a legal determination" in done.stdout
    with zipfile.ZipFile(tmp_path / "e.zip") as archive:
        archive.extractall(tmp_path / "e")
    command = [sys.executable, "-I", "-S", str(tmp_path / "e" / "verify.py")]
    subprocess.run(command, check=True, capture_output=True)
    change(ran, "DELETE FROM evidence WHERE seq = 3")
    assert ran("evidence", "export", "--out", str(tmp_path / "e.zip")).exit_code == 1


def test_with_a_key_nobody_without_it_can_add(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITORING_EVIDENCE_KEY", "0123456789abcdef")
    project("approve", "churn", "v1", "--reason", "r")
    assert project("evidence", "verify").exit_code == 0
    monkeypatch.delenv("MONITORING_EVIDENCE_KEY")
    done = project("evidence", "verify")
    assert done.exit_code == 1
    assert "which is not given" in done.stdout


@pytest.mark.parametrize(
    ("key", "arguments", "says"),
    [
        ("", ["--anchor", "7"], "'7' is no anchor; write NUMBER:HASH"),
        ("short", [], "An evidence key needs at least 16 characters"),
    ],
)
def test_a_mistake_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, key: str, arguments: list[str], says: str
) -> None:
    monkeypatch.setenv("MONITORING_EVIDENCE_KEY", key)
    done = project("evidence", "verify", *arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
