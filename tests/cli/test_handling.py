"""`mlmon ack` and its like, on a model whose performance broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


@pytest.fixture
def incident(project: Project) -> str:
    project("run", "churn")
    rows = project.json("incidents")
    return str(rows[0]["id"])


def state(project: Project) -> str:
    (row,) = project.json("incidents")
    return str(row["handled"])


def test_an_incident_is_acknowledged_and_back(project: Project, incident: str) -> None:
    done = project("ack", incident, "--for", "4h", "--by", "ana")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{incident} is acknowledged by ana until ")
    assert state(project) == "acknowledged by ana"
    assert project("ack", incident, "--undo").stdout == f"{incident} is acknowledged no more.\n"
    assert state(project) == ""


def test_a_silence_covers_it_until_it_is_ended(project: Project, incident: str) -> None:
    made = project("silence", "--model", "ch*", "--for", "2h", "--reason", "campaign")
    id_ = made.stdout.split()[0]
    assert made.stdout.startswith(f"{id_} silences model ch* until ")
    assert f"Open incidents in it: {incident}." in made.stdout
    assert state(project) == "silenced"
    assert f"{id_}  manual  model=ch*" in project("silences").stdout
    assert project("unsilence", id_).stdout == f"{id_} is over.\n"
    assert state(project) == ""
    assert project("silences").stdout == "0 silences.\n"
    assert id_ in project("silences", "--all").stdout


def test_a_silence_says_that_it_covers_nothing(project: Project, incident: str) -> None:
    del incident
    asked = ("silence", "--model", "ch*", "--metric", "other", "--for", "2h", "--reason", "x")
    made = project(*asked, "--kind", "expected")
    assert made.stdout.endswith(" Open incidents in it: none.\n")
    assert state(project) == ""
    assert "  expected  " in project("silences").stdout


def test_feedback_is_noted(project: Project, incident: str) -> None:
    assert "noted as false alarm" in project("feedback", incident, "false_alarm").stdout
    assert state(project) == "false alarm"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["ack", "inc_x"], "There is no incident 'inc_x'; `mlmon incidents` lists them."),
        (["ack", "inc_x", "--for", "3"], "'3' is not a duration; write 90m, 12h, 30d or 2w."),
        (["silence", "--for", "2h", "--reason", "x"], "A silence of everything is refused"),
        (["silence", "--model", "a", "--reason", "x"], "Give either --for or --until"),
        (
            ["silence", "--model", "a", "--reason", "x", "--until", "2020-01-01"],
            "2020-01-01 00:00 is not after ",
        ),
        (["unsilence", "sil_x"], "There is no silence 'sil_x' that is not over."),
    ],
)
def test_a_mistake_is_one_line(project: Project, command: list[str], sentence: str) -> None:
    done = project(*command)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
