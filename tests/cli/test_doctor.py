"""`mlmon doctor` looks at everything and says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_a_working_project(project: Project) -> None:
    done = project("doctor")
    assert done.exit_code == 0, done.output
    found = {row["what"]: row for row in project.json("doctor")}
    assert found["churn: predictions"]["verdict"] == "ok"
    assert found["churn: reference"]["sentence"] == "compares age, score"
    assert found["Slack"]["sentence"] == "SLACK_BOT_TOKEN is not set: messages wait in the outbox"


def test_a_fault_of_one_model_is_a_failure_with_its_sentence(project: Project) -> None:
    (project.root / "log.parquet").unlink()
    done = project("doctor")
    assert done.exit_code == 1
    [finding] = [row for row in project.json("doctor") if row["verdict"] == "fail"]
    assert finding["sentence"].startswith("No file or table at 'log.parquet'")
