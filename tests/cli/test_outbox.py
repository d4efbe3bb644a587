"""`mlmon outbox` lists what waits and what was given up, and tries it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.pipeline.environment import open_store
from monitoring_pipelines.store import outbox, sending
from monitoring_pipelines.store.outbox import Told
from tests.fake_slack import TOKEN, FakeSlack, without_proxy
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.cli.conftest import Project

HERE = "slack:C0ALERTS"


@pytest.fixture
def buried(project: Project) -> Project:
    """One message that was given up, and one that waits."""
    now = datetime.now(UTC)
    store = open_store(project.root)
    for incident in ("inc_1", "inc_2"):
        with store.write() as connection:
            said = Told(1, Op.OPEN, message(incident).to_json())
            outbox.enqueue(connection, incident, HERE, said, now)
    with store.write() as connection:
        claimed = sending.claim(connection, {HERE: timedelta()}, "me", now)
        assert claimed is not None
        sending.bury(connection, claimed, "msg_too_long", is_known=True)
    return project


def test_an_empty_outbox(project: Project) -> None:
    done = project("outbox")
    assert (done.exit_code, done.stdout) == (0, "0 message(s) sent.\n")
    assert project.json("outbox") == []


def test_what_was_given_up_is_listed(buried: Project) -> None:
    done = buried("outbox")
    assert done.exit_code == 1
    assert "1 given up" in done.stdout
    dead, ready = buried.json("outbox")
    assert (dead["state"], dead["last_error"]) == ("dead", "msg_too_long")
    assert (ready["state"], ready["incident_id"]) == ("ready", "inc_2")


def test_it_is_tried_again(buried: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxy(monkeypatch)
    assert "0 message(s) queued again" in buried("outbox", "retry", "999").stdout
    with FakeSlack() as fake:
        monkeypatch.setenv("SLACK_API_URL", fake.url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
        done = buried("outbox", "retry")
        assert done.stdout == "1 message(s) queued again.\n2 message(s) sent.\n"
        assert done.exit_code == 0
        assert len(fake.messages) == 2
        # what has already been said is not said again
        assert "0 message(s) queued again" in buried("outbox", "retry").stdout


def test_a_number_is_needed(buried: Project) -> None:
    assert buried("outbox", "retry", "inc_1").exit_code == 2
