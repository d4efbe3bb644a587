"""The real slack-sdk against a Slack on the loopback: what each answer leads to."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.message import Chart
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify import slack
from monitoring_pipelines.notify.base import Forgetful, Order, RemoteRef
from monitoring_pipelines.notify.slack import SlackNotifier
from tests.fake_slack import TOKEN
from tests.notify.messages import message

if TYPE_CHECKING:
    from monitoring_pipelines.alerts.message import AlertMessage
    from tests.fake_slack import FakeSlack

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def order(
    idem: str,
    said: AlertMessage | None = None,
    op: Op = Op.OPEN,
    root: RemoteRef | None = None,
) -> Order:
    return Order(op, "C0ALERTS", said or message(), idem, root)


@pytest.fixture
def notifier(fake: FakeSlack) -> SlackNotifier:
    fake.clock = lambda: NOW
    return SlackNotifier(TOKEN, fake.url, timeout_s=0.4)


def test_post_then_edit_leaves_one_message(fake: FakeSlack, notifier: SlackNotifier) -> None:
    ref = notifier.send(order("inc_1:slack:C0ALERTS:open:1"))
    notifier.send(order("b", message(what="roc_auc is 0.7."), Op.UPDATE, ref))
    (shown,) = fake.messages
    assert shown["edits"] == 1
    assert "roc_auc is 0.7." in shown["text"]
    assert shown["unfurl_links"] is False
    # metadata are readable by everybody in the workspace: the id and nothing else
    assert shown["metadata"]["event_payload"] == {"idem": "inc_1:slack:C0ALERTS:open:1"}


def test_a_reply_stands_in_the_thread_and_in_the_channel(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    root = notifier.send(order("a"))
    assert root is not None
    assert notifier.send(order("b", op=Op.REOPEN, root=root)) is None
    assert notifier.send(order("c", op=Op.EVIDENCE, root=root)) is None
    back, evidence = fake.messages[1:]
    assert back["thread_ts"] == evidence["thread_ts"] == root.ts
    assert [back["reply_broadcast"], evidence["reply_broadcast"]] == [True, False]
    # only what is shown in the channel is in its history
    for idem, op, said in [("b", Op.REOPEN, back), ("c", Op.EVIDENCE, evidence)]:
        found = notifier.find(order(idem, op=op, root=root), NOW)
        assert found == ("C0ALERTS", said["ts"], root.ts)
    assert notifier.find(order("c"), NOW) is None


@pytest.mark.parametrize(
    ("fault", "error", "n_stored"),
    [
        ("status:429", RetryLaterError, 0),
        ("error:ratelimited", RetryLaterError, 0),
        ("error:service_unavailable", RetryLaterError, 0),
        ("status:500", UnknownOutcomeError, 0),
        ("status:503", UnknownOutcomeError, 0),
        ("html", UnknownOutcomeError, 0),
        ("reset_before", UnknownOutcomeError, 0),
        ("reset_after", UnknownOutcomeError, 1),
        ("hang_after", UnknownOutcomeError, 1),
        ("ok_html", UnknownOutcomeError, 1),
        ("late:fatal_error", UnknownOutcomeError, 1),
        ("late:internal_error", UnknownOutcomeError, 1),
        ("error:not_in_channel", DestinationError, 0),
        ("error:is_archived", DestinationError, 0),
        ("error:token_revoked", DestinationError, 0),
        ("error:never_heard_of", DestinationError, 0),
    ],
)
def test_each_answer_to_a_post_is_one_call_and_one_kind_of_error(
    fake: FakeSlack, notifier: SlackNotifier, fault: str, error: type[DeliveryError], n_stored: int
) -> None:
    fake.script("chat.postMessage", fault)
    with pytest.raises(error) as caught:
        notifier.send(order("a"))
    assert type(caught.value) is error
    # the SDK does not call again by itself: that is how messages double
    assert fake.calls["chat.postMessage"] == 1
    assert len(fake.messages) == n_stored


def test_the_service_says_how_long_to_wait(fake: FakeSlack, notifier: SlackNotifier) -> None:
    fake.script("chat.postMessage", "status:429")
    with pytest.raises(RetryLaterError) as caught:
        notifier.send(order("a"))
    assert caught.value.after_s == 7


def test_a_message_that_is_gone_cannot_be_edited(notifier: SlackNotifier) -> None:
    with pytest.raises(GoneError):
        notifier.send(order("a", op=Op.UPDATE, root=RemoteRef("C0ALERTS", "1.000000")))


def test_refused_blocks_are_said_in_plain_inert_words(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    fake.script("chat.postMessage", "error:invalid_blocks")
    notifier.send(order("a", message(title="<!channel>")))
    (shown,) = fake.messages
    assert shown["blocks"] == []
    assert "!channel" in shown["text"]
    assert "<" not in shown["text"]
    assert "https://dagster.example/runs/3f2b" in shown["text"]


def test_a_workspace_without_charts_gets_the_rest_and_is_not_asked_again(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    drawn = message(chart=Chart("roc_auc", ("a", "b"), (0.8, 0.7)))
    fake.script("chat.postMessage", "error:invalid_blocks")
    notifier.send(order("a", drawn))
    notifier.send(order("b", drawn))
    assert fake.calls["chat.postMessage"] == 3
    assert all("data_visualization" not in str(shown["blocks"]) for shown in fake.messages)
    assert all("Do next" in str(shown["blocks"]) for shown in fake.messages)


def test_blocks_that_would_be_refused_are_not_even_sent(
    fake: FakeSlack, notifier: SlackNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "problems", lambda built: ["/0: wrong"])
    notifier.send(order("a"))
    assert [m["blocks"] for m in fake.messages] == [[]]


def test_refused_words_are_an_error(fake: FakeSlack, notifier: SlackNotifier) -> None:
    fake.script("chat.postMessage", "error:invalid_blocks", "error:msg_too_long")
    with pytest.raises(PayloadError):
        notifier.send(order("a"))


def test_payloads_never_go_into_the_log(
    fake: FakeSlack, notifier: SlackNotifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    fake.script("chat.postMessage", "ok_html", "")
    with pytest.raises(UnknownOutcomeError):
        notifier.send(order("a"))
    notifier.send(order("a"))
    assert caplog.text == ""


def test_nobody_listens(fake: FakeSlack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        closed = SlackNotifier(TOKEN, f"http://127.0.0.1:{port}/api/", timeout_s=0.4)
        with pytest.raises(RetryLaterError, match="ConnectionRefusedError"):
            closed.send(order("a"))


CHART = Chart("roc_auc", ("a", "b"), (0.86, 0.8), 0.86, 0.83)


def has_chart(said: dict[str, Any]) -> bool:
    return any(block["type"] == "data_visualization" for block in said["blocks"])


def test_a_workspace_that_takes_no_charts_is_remembered(fake: FakeSlack) -> None:
    memory = Forgetful()
    fake.takes_charts = False
    notifier = SlackNotifier(TOKEN, fake.url, memory=memory)
    notifier.send(order("a", message(chart=CHART)))
    assert fake.calls["chat.postMessage"] == 2
    # in another process, and for an edit
    notifier = SlackNotifier(TOKEN, fake.url, memory=memory)
    root = notifier.send(order("b", message(chart=CHART)))
    notifier.send(order("c", message(chart=CHART), Op.UPDATE, root))
    assert (fake.calls["chat.postMessage"], fake.calls["chat.update"]) == (3, 1)
    assert [has_chart(said) for said in fake.messages] == [False, False]
    assert all(said["blocks"] for said in fake.messages)
    # the chart is to follow as a picture, once for a message
    assert notifier.lacks_chart(order("b", message(chart=CHART)))
    assert not notifier.lacks_chart(order("c", message(chart=CHART), Op.UPDATE, root))
    assert not notifier.lacks_chart(order("d"))
    # a token is of one workspace
    assert not SlackNotifier("xoxb-2", memory=memory).lacks_chart(order("b", message(chart=CHART)))


@pytest.mark.parametrize(
    ("where", "is_general"),
    [("/blocks/2/type", True), ("/blocks/2", True), ("/blocks/2/chart/series/0/name", False)],
)
def test_a_fault_in_one_chart_says_nothing_of_the_workspace(
    fake: FakeSlack, notifier: SlackNotifier, where: str, is_general: bool
) -> None:
    error = PayloadError("invalid_blocks", (f"[ERROR] no [json-pointer:{where}]",))
    assert slack._is_of_every_chart(error) is is_general
    assert not slack._is_of_every_chart(PayloadError("msg_blocks_too_long"))


def test_a_message_under_another_stands_in_its_thread_and_is_edited_there(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    root = notifier.send(order("a"))
    assert root is not None
    below = notifier.send(order("b", message("inc_2"))._replace(under=root))
    assert below == ("C0ALERTS", fake.messages[1]["ts"], root.ts)
    assert notifier.find(order("b")._replace(under=root), NOW) == below
    # a service knows no threads in threads
    notifier.send(order("c", op=Op.EVIDENCE, root=below))
    notifier.send(order("d", message("inc_2"), Op.UPDATE, below))
    assert [said.get("thread_ts") for said in fake.messages] == [None, root.ts, root.ts]
    assert [said["edits"] for said in fake.messages] == [0, 1, 0]


def test_a_message_can_be_taken_away(fake: FakeSlack, notifier: SlackNotifier) -> None:
    ref = notifier.send(order("a"))
    assert ref is not None
    notifier.delete(ref)
    assert fake.messages == []
    with pytest.raises(GoneError):
        notifier.delete(ref)


def test_a_base_url_that_is_none_is_a_matter_of_configuration() -> None:
    with pytest.raises(DestinationError, match="Invalid URL"):
        SlackNotifier(TOKEN, "gopher://x/api/").send(order("a"))


def test_a_wrong_token_is_a_matter_of_configuration(fake: FakeSlack) -> None:
    with pytest.raises(DestinationError, match="invalid_auth"):
        SlackNotifier("xoxb-wrong", fake.url).send(order("a"))


def test_a_message_is_found_by_its_mark_over_pages(
    fake: FakeSlack, notifier: SlackNotifier
) -> None:
    fake.clock = lambda: NOW - timedelta(hours=1)
    notifier.send(order("old"))
    fake.clock = lambda: NOW
    ref = notifier.send(order("wanted"))
    fake.messages += [{**fake.messages[-1], "metadata": {}} for _ in range(2 * slack.PAGE)]
    assert notifier.find(order("wanted"), NOW) == ref
    assert fake.calls["conversations.history"] == 3
    assert notifier.find(order("old"), NOW) is None
    assert notifier.find(order("never said"), NOW) is None


def test_a_history_without_end_is_not_searched_for_ever(
    fake: FakeSlack, notifier: SlackNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "PAGE", 1)
    monkeypatch.setattr(slack, "MAX_PAGES", 2)
    for number in range(4):
        notifier.send(order(str(number)))
    with pytest.raises(DestinationError, match="more messages"):
        notifier.find(order("0"), NOW)
