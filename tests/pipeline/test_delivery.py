"""The outbox, the real slack-sdk and a Slack on the loopback; time is an argument."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.message import AlertMessage, Chart, Stage
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import PayloadError
from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.notify.slack_webhook import SlackWebhookNotifier
from monitoring_pipelines.notify.webhook import WebhookNotifier
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.delivery import DrainReport, drain
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.memory import Memory
from monitoring_pipelines.store.outbox import Op, Told
from monitoring_pipelines.store.schema import messages
from monitoring_pipelines.store.sending import LEASE, PROBE
from tests.alerts.histories import results
from tests.databases import put
from tests.fake_slack import TOKEN, is_true
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = "slack:C0ALERTS"
MINUTE = timedelta(minutes=1)


class Desk:
    """A database, a Slack and a clock."""

    def __init__(self, engine: sa.Engine, fake: FakeSlack) -> None:
        self.engine, self.fake, self.now = engine, fake, NOW
        self.fallback: str | None = None
        self.others: dict[str, Any] = {}
        # what it learns is in the same database as the outbox, where only one can write
        memory = Memory(engine)
        self.notifier: Any = SlackNotifier(TOKEN, fake.url, timeout_s=0.4, memory=memory)
        fake.clock = lambda: self.now

    def queue(
        self, op: Op, said: AlertMessage, seq: int, place: str = HERE, under: str | None = None
    ) -> None:
        with self.engine.begin() as connection:
            told = Told(seq, op, said.to_json(), under=under)
            outbox.enqueue(connection, said.incident, place, told, self.now)

    def drain(self, after: timedelta = timedelta()) -> DrainReport:
        self.now += after
        notifiers = {"slack": self.notifier, **self.others}
        return drain(self.engine, notifiers, self.now, fallback=self.fallback, pace={})

    @property
    def shown(self) -> list[str]:
        """Words of the messages in the channel, without what stands in threads alone."""
        return [
            said["text"].partition("]")[0].strip("[")
            for said in self.fake.messages
            if "thread_ts" not in said or is_true(said["reply_broadcast"])
        ]


@pytest.fixture
def desk(alert_engine: sa.Engine, fake: FakeSlack) -> Desk:
    return Desk(alert_engine, fake)


def test_from_verdicts_to_one_message_that_is_edited_and_resolved(desk: Desk) -> None:
    settings = AlertSettings(
        model="churn", owner="team:growth", cadence=Cadence.DAY, zone=UTC, channel="C0ALERTS",
        ui_url="https://dagster.example", assets={"performance": "performance"},
    )  # fmt: skip
    # what got worse is said in the channel too; only the root is edited
    for history, shown in [
        ("oBB", ["HIGH"]),
        ("oBBC", ["CRITICAL", "CRITICAL"]),
        ("oBBCoo", ["RESOLVED", "CRITICAL"]),
    ]:
        put(desk.engine, results(history))
        evaluate(desk.engine, settings, desk.now, "run-1")
        assert desk.drain(MINUTE).waiting == 0
        assert desk.shown == shown
    put(desk.engine, results("oBBCoo" + "BB"))
    evaluate(desk.engine, settings, desk.now, "run-1")
    assert desk.drain(MINUTE).sent == 2
    # the message is red again, and a reply under it is news in the channel
    assert desk.shown == ["CRITICAL", "CRITICAL", "CRITICAL"]
    root, *_, reply = desk.fake.messages
    assert (reply["thread_ts"], reply["reply_broadcast"]) == (root["ts"], True)
    assert "partition=2026-11-08" in str(root["blocks"])


def test_without_a_token_messages_are_kept_and_sent_once_there_is_one(desk: Desk) -> None:
    desk.queue(Op.OPEN, message(), 1)
    report = drain(desk.engine, {}, desk.now)
    assert report == DrainReport(sent=0, failed=0, waiting=1, dead=0)
    assert desk.drain(timedelta(days=20)) == DrainReport(sent=1, failed=0, waiting=0, dead=0)


def test_a_budget_of_nothing_sends_nothing(desk: Desk) -> None:
    desk.queue(Op.OPEN, message(), 1)
    assert drain(desk.engine, {"slack": desk.notifier}, desk.now, budget_s=0).waiting == 1
    assert desk.fake.messages == []


@pytest.mark.parametrize("fault", ["reset_after", "hang_after", "ok_html", "late:fatal_error"])
def test_a_message_whose_answer_was_lost_is_found_and_not_said_again(
    desk: Desk, fault: str
) -> None:
    desk.queue(Op.OPEN, message(), 1)
    desk.fake.script("chat.postMessage", fault)
    assert desk.drain() == DrainReport(sent=0, failed=1, waiting=1, dead=0)
    assert desk.drain(LEASE / 2).sent == 0
    assert desk.drain(LEASE) == DrainReport(sent=1, failed=0, waiting=0, dead=0)
    assert desk.fake.calls == {"chat.postMessage": 1, "conversations.history": 1}
    # it is known where it stands, so an edit works
    desk.queue(Op.RESOLVE, message(stage=Stage.RESOLVED), 2)
    desk.drain()
    assert desk.shown == ["RESOLVED"]


@pytest.mark.parametrize("fault", ["reset_before", "status:503", "html"])
def test_a_message_that_was_not_taken_is_said_again(desk: Desk, fault: str) -> None:
    desk.queue(Op.OPEN, message(), 1)
    desk.fake.script("chat.postMessage", fault)
    desk.drain()
    assert desk.drain(LEASE + MINUTE).sent == 1
    assert len(desk.fake.messages) == 1


@pytest.mark.parametrize("refusal", ["missing_scope", "invalid_blocks"])
def test_when_the_history_cannot_be_read_it_is_said_twice_rather_than_never(
    desk: Desk, refusal: str
) -> None:
    desk.queue(Op.OPEN, message(), 1)
    desk.fake.script("chat.postMessage", "reset_after")
    desk.fake.script("conversations.history", f"error:{refusal}")
    desk.drain()
    assert desk.drain(LEASE + MINUTE).sent == 1
    assert "possible repeat" not in str(desk.fake.messages[0])
    assert "possible repeat" in str(desk.fake.messages[1])


def test_a_limit_is_waited_for(desk: Desk) -> None:
    for number in range(3):
        desk.queue(Op.OPEN, message(f"inc_{number}"), 1)
    desk.fake.script("chat.postMessage", "status:429")
    # one call is enough to know; the others wait with it
    assert desk.drain() == DrainReport(sent=0, failed=1, waiting=3, dead=0)
    assert desk.fake.calls["chat.postMessage"] == 1
    assert desk.drain(timedelta(seconds=8)).sent == 3


def test_an_archived_channel_is_probed_until_it_is_mended(desk: Desk) -> None:
    desk.fake.channels.clear()
    for number in range(3):
        desk.queue(Op.OPEN, message(f"inc_{number}"), 1)
    blocked = (f"{HERE}: channel_not_found",)
    assert desk.drain() == DrainReport(sent=0, failed=1, waiting=3, dead=0, blocked=blocked)
    # also while nobody probes it, it is known
    assert desk.drain(MINUTE) == DrainReport(sent=0, failed=0, waiting=3, dead=0, blocked=blocked)
    assert desk.drain(PROBE + MINUTE).failed == 1
    desk.fake.channels.add("C0ALERTS")
    assert desk.drain(PROBE + MINUTE) == DrainReport(sent=3, failed=0, waiting=0, dead=0)


def test_one_channel_does_not_hold_up_another(desk: Desk) -> None:
    desk.queue(Op.OPEN, message("inc_1"), 1, place="slack:C0GONE")
    desk.queue(Op.OPEN, message("inc_2"), 1)
    blocked = ("slack:C0GONE: channel_not_found",)
    assert desk.drain() == DrainReport(sent=1, failed=1, waiting=1, dead=0, blocked=blocked)


def test_an_edit_of_a_deleted_message_becomes_a_new_one(desk: Desk) -> None:
    desk.queue(Op.OPEN, message(), 1)
    desk.drain()
    desk.fake.messages.clear()
    desk.queue(Op.UPDATE, message(what="worse."), 2)
    assert desk.drain().failed == 1
    assert desk.drain(MINUTE).sent == 1
    assert len(desk.fake.messages) == 1


def test_a_reply_whose_answer_was_lost_is_found_and_the_root_stays_the_root(desk: Desk) -> None:
    desk.queue(Op.OPEN, message(), 1)
    desk.queue(Op.REOPEN, message(), 2)
    desk.fake.script("chat.postMessage", "", "reset_after")
    desk.drain()
    assert desk.drain(LEASE + MINUTE).sent == 1
    root, reply = desk.fake.messages
    with desk.engine.connect() as connection:
        assert connection.scalar(sa.select(messages.c.ts)) == root["ts"]
    assert reply["thread_ts"] == root["ts"]


def test_refused_words_are_given_up_visibly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PayloadError("msg_too_long")

    desk.queue(Op.OPEN, message(), 1)
    monkeypatch.setattr(desk.notifier, "send", refuse)
    assert desk.drain() == DrainReport(sent=0, failed=1, waiting=0, dead=1)


CHART = Chart("roc_auc", ("a", "b"), (0.86, 0.8), 0.86, 0.83)


def test_a_chart_that_is_not_drawn_follows_as_a_picture_in_the_thread(desk: Desk) -> None:
    desk.fake.takes_charts = False
    desk.queue(Op.OPEN, message(chart=CHART), 1)
    desk.queue(Op.OPEN, message("inc_2"), 1)
    assert desk.drain() == DrainReport(sent=3, failed=0, waiting=0, dead=0)
    root, _ = desk.fake.messages
    (file,) = desk.fake.files.values()
    assert file["shares"] == [("C0ALERTS", root["ts"])]
    # the next one is not even tried with its chart, and an edit needs no second picture
    desk.queue(Op.UPDATE, message(chart=CHART, what="worse."), 2)
    assert desk.drain().sent == 1
    assert desk.fake.calls["chat.update"] == 1
    assert len(desk.fake.files) == 1
    with desk.engine.connect() as connection:
        said = outbox.told(connection, "inc_0123456789")[HERE]
    assert (said.seq, said.op) == (2, Op.UPDATE)


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("files.completeUploadExternal", "reset_after"),
        ("files.completeUploadExternal", "reset_before"),
        ("files.completeUploadExternal", "hang_after"),
        ("files.getUploadURLExternal", "status:429"),
        ("upload", "status:503"),
        ("files.info", "status:503"),
    ],
)
def test_whatever_fails_there_is_one_picture(desk: Desk, step: str, fault: str) -> None:
    desk.fake.takes_charts = False
    desk.fake.script("files.completeUploadExternal", *["reset_after"][: step == "files.info"])
    desk.fake.script(step, fault)
    desk.queue(Op.OPEN, message(chart=CHART), 1)
    assert desk.drain().failed == 1
    # words do not wait for it
    desk.queue(Op.UPDATE, message(chart=CHART, what="worse."), 2)
    assert desk.drain(timedelta(seconds=1)).sent == 1
    for _ in range(3):
        report = desk.drain(2 * LEASE)
    assert report == DrainReport(sent=0, failed=0, waiting=0, dead=0)
    assert [len(file["shares"]) for file in desk.fake.files.values()].count(1) == 1
    assert sum(len(file["shares"]) for file in desk.fake.files.values()) == 1


def test_a_picture_that_is_refused_leaves_a_note_and_blocks_nothing(desk: Desk) -> None:
    desk.fake.takes_charts = False
    desk.fake.script("files.getUploadURLExternal", "error:file_uploads_disabled")
    desk.queue(Op.OPEN, message(chart=CHART), 1)
    assert desk.drain() == DrainReport(sent=2, failed=1, waiting=0, dead=0)
    root, note = desk.fake.messages
    assert note["thread_ts"] == root["ts"]
    assert "The chart is not available." in str(note["blocks"])
    assert "file_uploads_disabled" in str(note["blocks"])


def test_an_incident_under_another_stands_in_its_thread_and_is_edited_there(desk: Desk) -> None:
    desk.queue(Op.OPEN, message("inc_2"), 1, under="inc_1")
    assert desk.drain().sent == 0
    desk.queue(Op.OPEN, message("inc_1"), 1)
    assert desk.drain().sent == 2
    desk.queue(Op.RESOLVE, message("inc_2", stage=Stage.RESOLVED), 2, under="inc_1")
    desk.queue(Op.NOTE, message("inc_2", stage=Stage.RESOLVED), 3, under="inc_1")
    assert desk.drain().sent == 2
    root, below, note = desk.fake.messages
    assert [below["thread_ts"], note["thread_ts"]] == [root["ts"]] * 2
    assert [root["edits"], below["edits"]] == [0, 1]
    assert desk.shown == ["HIGH"]


def test_a_lost_answer_under_another_is_found_in_the_thread(desk: Desk) -> None:
    desk.queue(Op.OPEN, message("inc_1"), 1)
    desk.drain()
    desk.queue(Op.OPEN, message("inc_2"), 1, under="inc_1")
    desk.fake.script("chat.postMessage", "reset_after")
    desk.drain()
    assert desk.drain(LEASE + MINUTE).sent == 1
    assert len(desk.fake.messages) == 2
    desk.queue(Op.UPDATE, message("inc_2", what="worse."), 2, under="inc_1")
    desk.drain()
    assert desk.fake.messages[1]["edits"] == 1


def test_where_a_thread_is_locked_it_stands_alone(desk: Desk) -> None:
    desk.queue(Op.OPEN, message("inc_1"), 1)
    desk.drain()
    desk.queue(Op.OPEN, message("inc_2"), 1, under="inc_1")
    desk.fake.script("chat.postMessage", "error:restricted_action_thread_locked")
    assert desk.drain().failed == 1
    assert desk.drain(MINUTE).sent == 1
    assert "thread_ts" not in desk.fake.messages[1]


def test_a_reply_without_its_message_says_what_it_continues(desk: Desk) -> None:
    desk.queue(Op.REMIND, message(), 1)
    desk.drain()
    (said,) = desk.fake.messages
    assert "thread_ts" not in said
    assert "continues inc_0123456789" in str(said)


def test_a_channel_gets_about_one_message_a_second(desk: Desk) -> None:
    gap, began = timedelta(seconds=0.3), time.monotonic()
    desk.fake.channels.add("C0OTHER")
    for number in range(4):
        desk.queue(Op.OPEN, message(f"inc_{number}"), 1)
    desk.queue(Op.OPEN, message("inc_9"), 1, place="slack:C0OTHER")
    notifiers = {"slack": desk.notifier}
    report = drain(desk.engine, notifiers, desk.now, budget_s=1.0, pace={"slack": gap})
    # at 0, 0.3, 0.6 and 0.9 s, the other channel in between; or fewer, on a slow machine
    assert 3 <= report.sent <= 5
    assert [m["channel"] for m in desk.fake.messages][:2] == ["C0ALERTS", "C0OTHER"]
    assert time.monotonic() - began < 3
    # it never waits for longer than it has
    began = time.monotonic()
    hour = {"slack": timedelta(hours=1)}
    desk.queue(Op.OPEN, message("inc_10"), 1, place="slack:C0OTHER")
    desk.queue(Op.OPEN, message("inc_11"), 1, place="slack:C0OTHER")
    later = desk.now + MINUTE
    assert drain(desk.engine, notifiers, later, budget_s=5.0, pace=hour).waiting >= 1
    assert time.monotonic() - began < 3


def test_a_channel_with_a_limit_is_never_asked_to_slow_down(desk: Desk) -> None:
    desk.fake.burst = 1
    for number in range(3):
        desk.queue(Op.OPEN, message(f"inc_{number}"), 1)
    report = drain(desk.engine, {"slack": desk.notifier}, desk.now, budget_s=6.0)
    assert report == DrainReport(sent=3, failed=0, waiting=0, dead=0)


def test_an_outage_of_an_hour_loses_and_doubles_nothing(desk: Desk) -> None:
    for number in range(5):
        desk.queue(Op.OPEN, message(f"inc_{number}"), 1)
    desk.fake.chance = lambda method: "status:503"
    for minute in range(60):
        desk.drain(MINUTE)
        if minute == 30:
            desk.queue(Op.UPDATE, message("inc_0", what="worse."), 2)
    assert desk.fake.messages == []
    desk.fake.chance = lambda method: None
    for _ in range(20):
        report = desk.drain(MINUTE)
    assert report == DrainReport(sent=0, failed=0, waiting=0, dead=0)
    assert len(desk.shown) == 5


@pytest.mark.parametrize("wrong", ["token_revoked", "is_archived"])
def test_what_somebody_must_mend_is_told_elsewhere_and_said_when_it_is_mended(
    desk: Desk, wrong: str
) -> None:
    desk.fallback = "slack_webhook:HOOK"
    hook = desk.fake.url.replace("/api/", "/services/T0/B0/x")
    desk.others["slack_webhook"] = SlackWebhookNotifier({"HOOK": hook}, any_host=True)
    desk.fake.revoked = wrong == "token_revoked"
    desk.fake.archived |= {"C0ALERTS"} if wrong == "is_archived" else set()
    desk.queue(Op.OPEN, message("inc_1"), 1)
    desk.queue(Op.EVIDENCE, message("inc_1"), 2)
    desk.queue(Op.DIGEST, message("digest:1"), 1)
    blocked = (f"{HERE}: {wrong}",)
    assert desk.drain() == DrainReport(sent=2, failed=1, waiting=3, dead=0, blocked=blocked)
    told = [str(said["blocks"]) for said in desk.fake.webhooks]
    assert len(told) == 2
    assert all(f"Fallback: slack C0ALERTS cannot be reached ({wrong})" in said for said in told)
    for _ in range(2 * 24):
        desk.drain(timedelta(minutes=30))
    desk.queue(Op.OPEN, message("inc_2"), 1)
    desk.drain(MINUTE)
    assert len(desk.fake.webhooks) == 3
    desk.fake.revoked = False
    desk.fake.archived.clear()
    assert desk.drain(PROBE).waiting == 0
    assert desk.drain(MINUTE) == DrainReport(sent=0, failed=0, waiting=0, dead=0)
    assert len(desk.shown) == 3
    assert len(desk.fake.messages) == 4
    # who heard of it by the fallback hears that it is over
    desk.queue(Op.RESOLVE, message("inc_1", stage=Stage.RESOLVED), 3)
    desk.drain()
    desk.drain()
    assert len(desk.fake.webhooks) == 4
    assert "[RESOLVED]" in desk.fake.webhooks[3]["text"]


def test_what_this_process_has_no_secret_for_is_left_to_another(desk: Desk) -> None:
    desk.others["webhook"] = WebhookNotifier({})
    desk.queue(Op.OPEN, message(), 1, place="webhook:OPS")
    assert desk.drain() == DrainReport(sent=0, failed=0, waiting=1, dead=0)
