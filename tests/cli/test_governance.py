"""`mlmon approve`, `exception` and `coverage` on a small project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_an_approval_is_a_record(project: Project) -> None:
    done = project("approve", "churn", "v1", "--reason", "validated", "--by", "cro")
    assert (done.exit_code, done.stdout) == (
        0, "cro approved version v1 of churn: record 1.\n",
    )  # fmt: skip
    done = project("approve", "churn", "v1", "--reason", "a flaw", "--by", "cro", "--withdraw")
    assert done.stdout == "Version v1 of churn is approved no more: record 2.\n"
    done = project(
        "exception", "churn", "GOV-08", "--until", "2099-01-01", "--reason", "r", "--by", "cro"
    )
    assert done.stdout == "churn is excepted from GOV-08 until 2099-01-01: record 3.\n"
    verified = project("evidence", "verify")
    assert verified.exit_code == 0
    assert verified.stdout.startswith("Records as they were written: 3")


def test_coverage_lists_what_is_watched_and_what_is_missing(project: Project) -> None:
    project("run", "churn")
    rows = {row["signal"]: row for row in project.json("coverage", "churn")}
    assert rows["GOV-08"]["active"]
    assert rows["GOV-08"]["verdict"] == "ok"
    assert not rows["GOV-04"]["active"]
    assert rows["GOV-04"]["says"] == "misses predictions.columns.model_version"
    shown = project("coverage", "churn").stdout
    assert "signals of churn are active." in shown


def test_coverage_tells_of_a_failed_promise(project: Project) -> None:
    project("run", "churn", "--to", "2026-03-04")
    project("run", "churn", "--from", "2026-03-05")
    done = project("coverage", "churn")
    assert done.exit_code == 1
    assert "1 of the last 3 windows have no result" in done.stdout


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("approve churn v1 --reason r --until 2020-01-01", "is not after"),
        ("approve churn v1 --reason r --until 2099-01-01 --withdraw", "either --until or"),
        ("approve churn v1", "Missing option '--reason'"),
        ("approve chrun v1 --reason r", "Did you mean 'churn'?"),
        ("exception churn GOV-99 --until 2099-01-01 --reason r", "Unknown rule 'GOV-99'"),
        ("coverage chrun", "Did you mean 'churn'?"),
    ],
)
def test_a_mistake_is_one_line(project: Project, command: str, says: str) -> None:
    done = project(*command.split())
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_clock_of_a_serious_incident(project: Project) -> None:
    mark = ("serious", "churn", "complaint 7", "--by", "ana", "--reason", "a person was harmed")
    done = project(*mark, "--kind", "widespread", "--aware", "2026-03-01")
    assert done.stdout == (
        "complaint 7 of churn has to be reported by 2026-03-03 00:00 UTC: record 1.\n"
    )
    done = project(*mark, "--reported", "--at", "2026-03-02")
    assert done.stdout == "complaint 7 of churn is reported: record 2.\n"
    done = project(*mark, "--at", "2026-03-02")
    assert (done.exit_code, "--at goes with --reported" in done.stderr) == (2, True)
