"""`mlmon incidents` lists what people work on and what waits to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def test_nothing_happened(project: Project) -> None:
    done = project("incidents")
    assert done.exit_code == 0
    assert done.stdout == "0 incidents. 0 message(s) sent.\n"


def test_an_open_incident_and_its_kept_message(project: Project) -> None:
    told = project("run", "churn").stderr
    assert "2 kept since SLACK_BOT_TOKEN is not set; `mlmon incidents` shows them" in told
    done = project("incidents")
    assert done.exit_code == 1
    assert "1 incidents. 0 message(s) sent; 2 kept since SLACK_BOT_TOKEN is not set" in done.stdout
    assert "slack:default" in done.stdout
    [incident] = project.json("incidents", "churn")
    assert incident["cause"] == "performance"
    assert incident["opened_window"] == "2026-03-04T00:00:00+00:00"
    assert project("incidents", "other").exit_code == 2  # no such model: not the same as fine


def test_running_again_says_nothing_twice(project: Project) -> None:
    project("run", "churn")
    before = project("incidents").stdout
    project("run", "churn")
    assert project("incidents").stdout == before


def test_only_open_ones(project: Project) -> None:
    project("run", "churn")
    assert len(project.json("incidents", "--open")) == 1


def test_one_incident_and_what_happened_to_it(project: Project) -> None:
    project("run", "churn")
    [row] = project.json("incidents")
    project("ack", row["id"], "--by", "ana")
    done = project("incidents", row["id"])
    assert done.exit_code == 1
    assert f"{row['id']}  churn" in done.stdout
    opened, acknowledged = done.stdout.splitlines()[-2:]
    assert "  opened        run:" in opened
    assert "  acknowledged  ana" in acknowledged
    [told] = project.json("incidents", row["id"])
    assert told["handled"] == "acknowledged by ana"
    assert [event["type"] for event in told["events"]] == ["opened", "acknowledged"]
    # the score is noise with everybody, so no segment is to blame
    assert {cause["verdict"] for cause in told["why"]} == {"unknown"}
    reasons = [cause["reason"] for cause in told["why"] if not cause["column"]]
    assert reasons[0].startswith("no mix and no segment of one or two features explains")
    assert reasons[0][:60] in done.stdout


def test_an_incident_that_there_is_not(project: Project) -> None:
    done = project("incidents", "inc_0000000000")
    assert done.exit_code == 2
    assert done.stderr == (
        "mlmon: There is no incident 'inc_0000000000'; `mlmon incidents` lists them.\n"
    )
