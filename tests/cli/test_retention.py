"""`mlmon retention` shows first, and deletes only with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_it_shows_then_deletes_then_verifies(project: Project) -> None:
    project("run", "churn", "--to", "2026-03-04")  # before its performance breaks
    days = ("churn", "--results-before", "2026-03-04", "--records-before", "2026-03-04")
    (row,) = project.json("retention", *days)
    assert row["model"] == "churn"
    assert row["results"] > 0
    assert row["records"] > 0
    assert len(project.json("results", "churn")) > 0
    done = project("retention", *days, "--apply", "--reason", "GDPR", "--by", "dpo")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"Deleted of churn: {row['results']} results and ")
    found = project("evidence", "verify")
    assert found.exit_code == 0
    assert "(dpo, " in found.stdout


def test_mistakes_are_one_line(project: Project) -> None:
    for arguments, told in (
        (["--results-before", "2026-03-04"], "name it"),
        (["churn", "--apply"], "--apply needs --reason"),
        (["churn", "--records-before", "2026-03-04"], "Records cannot go before"),
    ):
        done = project("retention", *arguments)
        assert done.exit_code == 2
        assert told in done.stderr
    assert "is not set" in project("retention").stdout
