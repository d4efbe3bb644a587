from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.message import Chart, Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.notify.slack_webhook import SlackWebhookNotifier
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

NAME = "ALERTS_HOOK"


@pytest.fixture
def notifier(fake: FakeSlack) -> SlackWebhookNotifier:
    url = fake.url.replace("/api/", "/services/T0/B0/x")
    return SlackWebhookNotifier({NAME: url}, any_host=True, timeout_s=0.4)


def order(op: Op = Op.OPEN, root: RemoteRef | None = None, **other: Any) -> Order:
    return Order(op, NAME, message(**other), f"inc_1:{op}", root)


def test_news_is_posted_and_corrections_are_not(
    fake: FakeSlack, notifier: SlackWebhookNotifier
) -> None:
    root = notifier.send(order(has_buttons=True))
    assert root is not None
    for op in (Op.UPDATE, Op.EVIDENCE, Op.NOTE):
        assert notifier.send(order(op, root)) is None
    notifier.send(order(Op.RESOLVE, root, stage=Stage.RESOLVED))
    first, last = fake.webhooks
    assert "[HIGH]" in first["text"]
    assert "[RESOLVED]" in last["text"]
    assert first["unfurl_links"] is False
    # nobody could tell what a press belongs to
    assert "actions" not in [block["type"] for block in first["blocks"]]


def test_refused_blocks_are_said_without_chart_and_then_in_words(
    fake: FakeSlack, notifier: SlackWebhookNotifier
) -> None:
    chart = Chart("roc_auc", ("a", "b"), (0.86, 0.8))
    fake.script("webhook", "status:400")
    notifier.send(order(chart=chart))
    fake.script("webhook", "status:400", "status:400")
    notifier.send(order(chart=chart))
    first, last = fake.webhooks
    assert "data_visualization" not in str(first)
    assert first["blocks"]
    assert "blocks" not in last


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status:429", RetryLaterError),
        ("status:503", UnknownOutcomeError),
        ("reset_after", UnknownOutcomeError),
        ("error:no_service", DestinationError),
        ("status:410", DestinationError),
    ],
)
def test_faults(
    fake: FakeSlack, notifier: SlackWebhookNotifier, fault: str, error: type[DeliveryError]
) -> None:
    fake.script("webhook", fault)
    with pytest.raises(error):
        notifier.send(order())


def test_alerts_go_to_slack_and_nobody_else() -> None:
    for url in ("https://evil.example/services/x", "http://hooks.slack.com/services/x", "x"):
        notifier = SlackWebhookNotifier({NAME: url})
        with pytest.raises(DestinationError, match=f"{NAME} holds no URL"):
            notifier.send(order())
        with pytest.raises(DestinationError):
            notifier.examine(NAME)
    right = SlackWebhookNotifier({NAME: "https://hooks.slack.com/services/T0/B0/x"})
    assert right.examine(NAME) == "posts only: no edits, no threads, no look-up"
    assert right.reaches(NAME)
    assert not right.reaches("OTHER")


def test_nothing_can_be_looked_up(notifier: SlackWebhookNotifier) -> None:
    with pytest.raises(DestinationError):
        notifier.find(order(), datetime.now(UTC))
