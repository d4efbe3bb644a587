"""`mlmon run` runs the windows of a period and says what is not ok."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_a_period_without_a_failure_ends_well(project: Project) -> None:
    done = project("run", "churn", "--from", "2026-03-03", "--to", "2026-03-04")
    assert done.exit_code == 0, done.output
    assert "1 windows of churn:" in done.output
    assert "fail" not in done.output


def test_a_failure_is_shown_and_ends_with_one(project: Project) -> None:
    done = project("run", "churn")
    assert done.exit_code == 1, done.output
    assert "roc_auc" in done.output
    # the reference ends on the third, the score is noise from the fourth on: three windows
    assert done.output.count(" fail ") == 3
    assert "4 windows of churn" in done.output


def test_what_several_windows_have_is_one_line(project: Project) -> None:
    done = project("run", "churn")
    stored = project.json("results", "churn", "--verdict", "warn")
    found = {(row["metric"], row["column"], row["segment"]) for row in stored}
    assert len(stored) > len(found) > 0
    assert done.output.count(" warn ") == len(found)
    assert "Every window: mlmon results churn --verdict warn" in done.output


def test_json_has_every_result(project: Project) -> None:
    rows = project.json("run", "churn", "--from", "2026-03-03", "--to", "2026-03-04")
    aucs = [row for row in rows if row["metric"] == "roc_auc"]
    assert [(row["window_start"], row["n"], row["verdict"]) for row in aucs] == [
        ("2026-03-03T00:00:00+00:00", 400, "ok")
    ]
    # the estimate is there, and does not count beside a verdict on labels
    assert aucs[0]["status"] == "final"
    [told] = project.json("results", "churn", "--metric", "roc_auc", "--status", "estimated")
    assert (told["status"], told["n"]) == ("estimated", 400)


def test_a_period_outside_is_one_line(project: Project) -> None:
    done = project("run", "churn", "--from", "2025-01-01", "--to", "2025-01-02")
    assert done.exit_code == 2
    assert done.stderr == (
        "mlmon: No window of 'churn' lies in that period; it is monitored from 2026-03-03 to "
        "2026-03-07.\n"
    )


def test_a_missing_log_is_one_line(project: Project) -> None:
    (project.root / "log.parquet").rename(project.root / "logs.parquet")
    done = project("run", "churn")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == (
        "mlmon: No file or table at 'log.parquet' (Did you mean 'logs.parquet'?). "
        "Check `location`; a relative path is taken from the project folder."
    )
