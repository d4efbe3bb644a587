"""A picture in a thread: three steps, each of which can fail, and never two files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.message import Chart
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify import slack_files
from monitoring_pipelines.notify.base import Forgetful, Order, RemoteRef
from monitoring_pipelines.notify.slack import SlackNotifier
from tests.fake_slack import TOKEN
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_slack import FakeSlack

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHART = Chart("roc_auc", ("a", "b"), (0.86, 0.8), 0.86, 0.83)
ROOT = RemoteRef("C0ALERTS", "1.000000")
ORDER = Order(Op.PICTURE, "C0ALERTS", message(chart=CHART), "inc_1:picture", ROOT)


@pytest.fixture
def notifier(fake: FakeSlack) -> SlackNotifier:
    return SlackNotifier(TOKEN, fake.url, timeout_s=0.4, memory=Forgetful())


def test_the_picture_stands_in_the_thread(fake: FakeSlack, notifier: SlackNotifier) -> None:
    assert notifier.find(ORDER, NOW) is None
    assert notifier.send(ORDER) is None
    (file,) = fake.files.values()
    assert file["bytes"].startswith(b"\x89PNG")
    assert (file["title"], file["shares"]) == ("roc_auc", [("C0ALERTS", "1.000000")])
    assert notifier.find(ORDER, NOW) == RemoteRef("C0ALERTS", "F0000")


@pytest.mark.parametrize(
    ("step", "fault", "error"),
    [
        ("files.getUploadURLExternal", "error:missing_scope", DestinationError),
        ("files.getUploadURLExternal", "reset_after", UnknownOutcomeError),
        # nothing is shown before the last step
        ("upload", "status:503", RetryLaterError),
        ("upload", "reset_after", RetryLaterError),
        ("upload", "status:429", RetryLaterError),
        ("upload", "status:413", PayloadError),
        ("files.completeUploadExternal", "error:file_uploads_disabled", DestinationError),
        ("files.completeUploadExternal", "status:503", UnknownOutcomeError),
    ],
)
def test_each_step_can_fail_and_another_try_shows_one_file(
    fake: FakeSlack, notifier: SlackNotifier, step: str, fault: str, error: type[DeliveryError]
) -> None:
    fake.script(step, fault)
    with pytest.raises(error) as caught:
        notifier.send(ORDER)
    assert type(caught.value) is error
    if notifier.find(ORDER, NOW) is None:
        notifier.send(ORDER)
    assert sum(len(file["shares"]) for file in fake.files.values()) == 1


@pytest.mark.parametrize("fault", ["reset_after", "ok_html", "late:fatal_error"])
def test_a_lost_answer_of_the_last_step_is_looked_up(
    fake: FakeSlack, notifier: SlackNotifier, fault: str
) -> None:
    fake.script("files.completeUploadExternal", fault)
    fake.shares_after = 1
    with pytest.raises(UnknownOutcomeError):
        notifier.send(ORDER)
    # it takes a while until the share is seen; meanwhile it is not sent again
    with pytest.raises(RetryLaterError, match="not shared yet"):
        notifier.find(ORDER, NOW)
    assert notifier.find(ORDER, NOW) == RemoteRef("C0ALERTS", "F0000")
    assert len(fake.files) == 1


def test_bytes_go_to_slack_and_nobody_else() -> None:
    client = SlackNotifier(TOKEN).client
    for url in ("https://evil.example/upload", "http://files.slack.com/x", "https://xslack.com/x"):
        with pytest.raises(DestinationError, match="not Slack's"):
            slack_files._put(client, url, b"")
    assert slack_files._is_slacks("https://files.slack.com/upload/v1/ABC")


def test_without_a_root_there_is_no_thread(notifier: SlackNotifier) -> None:
    with pytest.raises(RetryLaterError):
        notifier.send(ORDER._replace(root=None))


def test_without_its_chart_it_is_a_line_that_says_why(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    said = message(what="The chart is not available.", detail="missing_scope.")
    notifier.send(ORDER._replace(message=said))
    (note,) = fake.messages
    assert note["thread_ts"] == ROOT.ts
    assert [block["type"] for block in note["blocks"]] == ["context"]
