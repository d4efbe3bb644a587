"""What the doctor says of the way from an incident to people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.alert_path import Finding, alert_path, send_test
from monitoring_pipelines.pipeline.environment import deliver
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import Told
from tests.fake_server import FakeServer
from tests.fake_slack import TOKEN
from tests.fake_smtp import FakeSmtp
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack
    from tests.pipeline.lab import Lab

HERE = "slack:C0ALERTS"


@pytest.fixture(autouse=True)
def connected(fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MONITORING_FALLBACK", "MONITORING_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_API_URL", fake.url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_CHANNEL", "C0ALERTS")


def queue(lab: Lab, place: str, incident: str = "inc_1", op: Op = Op.OPEN, seq: int = 1) -> None:
    with lab.store.write() as connection:
        said = Told(seq, op, message(incident).to_json())
        outbox.enqueue(connection, incident, place, said, datetime.now(UTC))


def looked(lab: Lab) -> dict[str, Finding]:
    return {f.what: f for f in alert_path({lab.model.name: lab.model}, lab.store)}


def failed(lab: Lab) -> dict[str, str]:
    return {what: f.sentence for what, f in looked(lab).items() if f.verdict is Verdict.FAIL}


def test_all_is_well(lab: Lab) -> None:
    found = looked(lab)
    assert failed(lab) == {}
    assert found["Slack"].sentence == "mlmon in Acme"
    assert found["Slack scopes"].sentence == "all that is used"
    assert found["Slack blocks"].sentence == "accepted"
    assert found["slack:default"].sentence == "the app is a member of #alerts"
    assert found["fallback"].verdict is Verdict.WARN


def test_scopes_and_blocks_that_are_missed_are_warnings(lab: Lab, fake: FakeSlack) -> None:
    fake.scopes = "chat:write"
    fake.takes_charts = False
    found = looked(lab)
    assert failed(lab) == {}
    assert "files:write (send a chart as a picture" in found["Slack scopes"].sentence
    assert "plainer messages will be sent" in found["Slack blocks"].sentence
    fake.scopes = "files:write"
    assert failed(lab)["Slack"].startswith("missing_scope (needs scope chat:write)")


def test_a_channel_that_was_archived_is_seen_before_and_after_it_blocks(
    lab: Lab, fake: FakeSlack
) -> None:
    fake.archived.add("C0ALERTS")
    assert "is_archived" in failed(lab)["slack:default"]
    queue(lab, HERE)
    assert deliver(lab.store).blocked == (f"{HERE}: is_archived",)
    said = failed(lab)[f"blocked: {HERE}"]
    assert said.startswith("is_archived; 1 messages wait since 20")
    assert "blocked is slack:C0ALERTS: is_archived" in looked(lab)["outbox"].sentence


def test_a_secret_that_is_not_set_is_named(lab: Lab) -> None:
    for place in ("pagerduty:PD_KEY", "webhook:OPS", "email:a@example.org"):
        queue(lab, place)
    assert failed(lab) == {
        "pagerduty:PD_KEY": "messages wait: set PD_KEY",
        "webhook:OPS": "messages wait: set OPS and OPS_SECRET",
        "email:a@example.org": "messages wait: it needs MONITORING_SMTP_URL",
    }


def test_other_channels_are_looked_at(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(lab, "pagerduty:PD_KEY")
    queue(lab, "email:a@example.org")
    monkeypatch.setenv("PD_KEY", "short")
    with FakeSmtp() as smtp:
        monkeypatch.setenv("MONITORING_SMTP_URL", f"smtp://127.0.0.1:{smtp.port}")
        assert {*failed(lab)} == {"pagerduty:PD_KEY"}
        assert "takes mail from" in looked(lab)["email:a@example.org"].sentence


def test_the_fallback_is_looked_at(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITORING_FALLBACK", "webhook:OPS")
    assert failed(lab) == {"fallback: webhook:OPS": "messages wait: set OPS and OPS_SECRET"}
    monkeypatch.setenv("MONITORING_FALLBACK", "nonsense")
    assert "it needs a service" in failed(lab)["fallback: nonsense"]
    monkeypatch.setenv("MONITORING_FALLBACK", HERE)
    assert "a revoked token would block it too" in looked(lab)["fallback"].sentence


def test_test_messages(lab: Lab, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(lab, "pagerduty:PD_KEY")
    queue(lab, "webhook:OPS")
    queue(lab, "slack:C0GONE")
    with FakeServer() as server:
        monkeypatch.setenv("PD_KEY", "x" * 32)
        monkeypatch.setenv("OPS", server.url)
        monkeypatch.setenv("OPS_SECRET", "s")
        found = [*send_test({lab.model.name: lab.model}, lab.store)]
        assert len(server.taken) == 1
    assert [(f.what, f.verdict.value) for f in found] == [
        ("test: pagerduty:PD_KEY", "warn"),
        ("test: post slack:C0GONE", "fail"),
        ("test: post slack:default", "ok"),
        ("test: edit slack:default", "ok"),
        ("test: find slack:default", "ok"),
        ("test: delete slack:default", "ok"),
        ("test: webhook:OPS", "ok"),
    ]
    assert fake.messages == []
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    found = [*send_test({lab.model.name: lab.model}, lab.store)]
    assert {f.sentence for f in found if "slack" in f.what} == {"not tried: its secret is not set"}
