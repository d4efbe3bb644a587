from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import DestinationError, PayloadError
from monitoring_pipelines.notify import slack_doctor
from monitoring_pipelines.notify.blocklint import problems
from monitoring_pipelines.notify.slack import SlackNotifier
from tests.fake_slack import TOKEN

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

HERE = "C0ALERTS"


@pytest.fixture
def notifier(fake: FakeSlack) -> SlackNotifier:
    return SlackNotifier(TOKEN, fake.url)


def test_missing_scopes_are_named_with_what_they_are_for(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    assert slack_doctor.missing(notifier.client) == []
    fake.scopes = "chat:write, channels:history, groups:history, channels:read, groups:read"
    assert [text.partition(" ")[0] for text in slack_doctor.missing(notifier.client)] == [
        "files:write",
        "files:read",
    ]
    fake.scopes = ""  # a server that does not say
    assert slack_doctor.missing(notifier.client) == []


def test_a_channel_is_looked_at(fake: FakeSlack, notifier: SlackNotifier) -> None:
    assert notifier.examine(HERE) == "the app is a member of #alerts"
    with pytest.raises(DestinationError, match="channel_not_found"):
        notifier.examine("C0GONE")
    fake.strangers.add(HERE)
    with pytest.raises(DestinationError, match="invite the app"):
        notifier.examine(HERE)
    fake.archived.add(HERE)
    with pytest.raises(DestinationError, match="is_archived"):
        notifier.examine(HERE)
    fake.script("conversations.info", "error:missing_scope")
    assert notifier.examine(HERE).startswith("cannot be looked at without channels:read")
    with pytest.raises(DestinationError, match="SLACK_CHANNEL"):
        notifier.examine("default")


def test_the_sample_has_all_blocks_and_is_validated(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    built = slack_doctor.samples()
    assert not problems(built)
    assert {"header", "rich_text", "data_visualization", "table", "section", "context"} == {
        block["type"] for block in built
    }
    assert slack_doctor.validate(notifier.client) == "accepted"
    fake.takes_charts = False
    with pytest.raises(PayloadError, match="data_visualization"):
        slack_doctor.validate(notifier.client)
    fake.validates = False
    assert slack_doctor.validate(notifier.client).startswith("not checked")


def test_a_message_is_posted_edited_found_and_deleted(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    now = datetime.now(UTC)
    steps = list(slack_doctor.try_all(notifier, HERE, "test:1", now))
    assert [(s.name, s.works) for s in steps] == [
        ("post", True), ("edit", True), ("find", True), ("delete", True),
    ]  # fmt: skip
    assert fake.messages == []


def test_each_step_may_fail_and_the_message_is_deleted_all_the_same(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    now = datetime.now(UTC)
    fake.script("chat.update", "error:edit_window_closed")
    fake.script("conversations.history", "error:missing_scope")
    steps = {s.name: s for s in slack_doctor.try_all(notifier, HERE, "test:1", now)}
    assert [s.works for s in steps.values()] == [True, False, False, True]
    assert steps["edit"].sentence == "edit_window_closed"
    assert fake.messages == []
    (only,) = slack_doctor.try_all(notifier, "C0GONE", "test:2", now)
    assert (only.name, only.works, only.sentence) == ("post", False, "channel_not_found")
