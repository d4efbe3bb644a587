"""The real apprise, posting JSON to a server on the loopback."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import DestinationError, UnknownOutcomeError
from monitoring_pipelines.notify.apprise import AppriseNotifier
from monitoring_pipelines.notify.base import Order, RemoteRef
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_server import FakeServer

# apprise looks for a module of old Pythons
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NAME = "TEAM_CHAT"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def notifier(server: FakeServer) -> AppriseNotifier:
    return AppriseNotifier({NAME: server.url.replace("http", "json")})


def order(op: Op = Op.OPEN, root: RemoteRef | None = None, **other: Any) -> Order:
    return Order(op, NAME, message(**other), f"inc_1:{op}", root)


def test_news_goes_as_inert_text(server: FakeServer, notifier: AppriseNotifier) -> None:
    root = notifier.send(order(title="<!channel> *x*"))
    assert root is not None
    assert notifier.send(order(Op.UPDATE, root)) is None
    notifier.send(order(Op.RESOLVE, root, stage=Stage.RESOLVED))
    first, last = (json.loads(call.body) for call in server.taken)
    assert "roc_auc is 0.804" in first["message"]
    assert "<" not in first["message"] + first["title"]
    assert (first["type"], last["type"]) == ("warning", "success")


@pytest.mark.parametrize("fault", [404, 500, "reset_after"])
def test_why_it_failed_is_not_known(
    server: FakeServer, notifier: AppriseNotifier, fault: int | str
) -> None:
    server.script(fault)
    with pytest.raises(UnknownOutcomeError):
        notifier.send(order())
    with pytest.raises(DestinationError):
        notifier.find(order(), datetime.now(UTC))


@pytest.mark.parametrize("url", [SLACK, "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"])
def test_slack_is_refused(url: str) -> None:
    with pytest.raises(DestinationError, match="slack_webhook"):
        AppriseNotifier({NAME: url}).send(order())


@pytest.mark.parametrize("url", ["", "nonsense", "json://a json://b", "nosuch://x"])
def test_one_url_that_apprise_knows_is_needed(url: str) -> None:
    with pytest.raises(DestinationError, match="one URL that apprise knows"):
        AppriseNotifier({NAME: url}).examine(NAME)


def test_the_channel_is_named(notifier: AppriseNotifier) -> None:
    assert notifier.examine(NAME) == "JSON, text only"
    assert notifier.reaches(NAME)
    assert not notifier.reaches("OTHER")


def test_without_the_extra_it_says_how_to_install_it(
    notifier: AppriseNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(DestinationError, match=r"pip install 'monitoring-pipelines\[apprise\]'"):
        notifier.check()
