from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.notify.base import Order
from monitoring_pipelines.notify.connect import notifiers
from tests.fake_slack import TOKEN
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack


NAMED = {"apprise", "pagerduty", "slack_webhook", "webhook"}


def test_what_names_its_secret_is_always_there_and_reaches_only_with_it() -> None:
    found = notifiers({"KEY": "x", "HOOK": "x", "HOOK_SECRET": "y"})
    assert {*found} == NAMED
    assert {name for name in NAMED if found[name].reaches("KEY")} == NAMED - {"webhook"}
    assert {name for name in NAMED if found[name].reaches("HOOK")} == NAMED
    assert not any(found[name].reaches("OTHER") for name in NAMED)


def test_without_a_token_slack_is_not_connected() -> None:
    assert "slack" not in notifiers({"SLACK_API_URL": "http://127.0.0.1:1/api/"})
    assert "slack" not in notifiers({"SLACK_BOT_TOKEN": ""})


def test_the_secret_of_a_service_is_enough() -> None:
    assert {*notifiers({"SLACK_BOT_TOKEN": TOKEN})} == {*NAMED, "slack"}
    assert {*notifiers({"MONITORING_SMTP_URL": "smtp://mail.example.org"})} == {*NAMED, "email"}


def test_another_base_url_is_spoken_to_with_or_without_a_slash(fake: FakeSlack) -> None:
    for url in (fake.url, fake.url.rstrip("/")):
        connected = notifiers({"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": url})
        connected["slack"].send(Order(Op.OPEN, "C0ALERTS", message(), "a"))
    assert len(fake.messages) == 2
