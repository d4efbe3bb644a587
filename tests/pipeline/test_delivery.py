"""The outbox, the real slack-sdk and a Slack on the loopback; time is an argument."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.message import AlertMessage, Stage
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import PayloadError
from monitoring_pipelines.notify.slack import SlackNotifier
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.delivery import DrainReport, drain
from monitoring_pipelines.store import outbox
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
        self.notifier: Any = SlackNotifier(TOKEN, fake.url, timeout_s=0.2)
        fake.clock = lambda: self.now

    def queue(self, op: Op, said: AlertMessage, seq: int, place: str = HERE) -> None:
        with self.engine.begin() as connection:
            told = Told(seq, op, said.to_json())
            outbox.enqueue(connection, said.incident, place, told, self.now)

    def drain(self, after: timedelta = timedelta()) -> DrainReport:
        self.now += after
        return drain(
            self.engine, {"slack": self.notifier}, self.now, fallback=self.fallback, pace={}
        )

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


class Crash(BaseException):
    """The process dies."""


class Dying:
    """A notifier whose process dies around some calls."""

    def __init__(self, inner: SlackNotifier, rng: random.Random, share: float) -> None:
        self.inner, self.rng, self.share = inner, rng, share

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> Any:
            if self.rng.random() < self.share:
                raise Crash
            answer = getattr(self.inner, name)(*arguments)
            if self.rng.random() < self.share:
                raise Crash
            return answer

        return call


FAULTS = (
    ["reset_after", "reset_before", "late:fatal_error", "ok_html", "status:429", "status:503"] * 4
    + ["html", "error:service_unavailable", "late:internal_error"] * 4
    + ["hang_after"]
)
REFUSALS = ["error:not_in_channel", "error:invalid_blocks"]


def draw(method: str, rng: random.Random) -> str | None:
    """One of the faults in 30 % of the calls."""
    # a history that cannot be read is the one case in which an alert may come twice
    refusals = [] if method == "conversations.history" else REFUSALS
    return rng.choice(FAULTS + refusals) if rng.random() < 0.3 else None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_alert_is_lost_and_none_is_doubled(desk: Desk, seed: int) -> None:
    """150 alerts, each opened, edited and resolved; 30 % of the calls fail and 4 % kill us."""
    rng, n_alerts = random.Random(seed), 150
    desk.notifier = Dying(desk.notifier, rng, 0.02)
    desk.fake.chance = lambda method: draw(method, rng)
    todo = [
        (op, message(f"inc_{number:03}", stage=stage), seq)
        for number in range(n_alerts)
        for seq, (op, stage) in enumerate(
            [(Op.OPEN, Stage.FIRING), (Op.UPDATE, Stage.FIRING), (Op.RESOLVE, Stage.RESOLVED)], 1
        )
    ]
    # each alert in its order, the alerts among each other in any
    order = rng.sample([said.incident for _, said, _ in todo], len(todo))
    left = {incident: [t for t in todo if t[1].incident == incident] for incident in set(order)}
    crashes, waiting = 0, 1
    while order or waiting:
        for incident in [order.pop() for _ in range(min(30, len(order)))]:
            desk.queue(*left[incident].pop(0))
        try:
            waiting = desk.drain(rng.choice([timedelta(seconds=5), MINUTE, 20 * MINUTE])).waiting
        except Crash:
            crashes += 1
    assert crashes > 5
    said = Counter(shown["metadata"]["event_payload"]["idem"] for shown in desk.fake.messages)
    assert said == {f"inc_{n:03}:{HERE}:open:1": 1 for n in range(n_alerts)}
    assert set(desk.shown) == {"RESOLVED"}
    with desk.engine.connect() as connection:
        assert "dead" not in outbox.counts(connection)
