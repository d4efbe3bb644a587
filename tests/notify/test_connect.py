from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.notify.base import Order
from monitoring_pipelines.notify.connect import notifiers
from tests.fake_slack import TOKEN
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack


def test_without_a_token_nothing_is_connected() -> None:
    assert notifiers({"SLACK_API_URL": "http://127.0.0.1:1/api/"}) == {}
    assert notifiers({"SLACK_BOT_TOKEN": ""}) == {}


def test_the_token_alone_is_enough() -> None:
    assert list(notifiers({"SLACK_BOT_TOKEN": TOKEN})) == ["slack"]


def test_another_base_url_is_spoken_to_with_or_without_a_slash(fake: FakeSlack) -> None:
    for url in (fake.url, fake.url.rstrip("/")):
        connected = notifiers({"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": url})
        connected["slack"].send(Order(Op.OPEN, "C0ALERTS", message(), "a"))
    assert len(fake.messages) == 2
