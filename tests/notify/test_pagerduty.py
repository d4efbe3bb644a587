from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.links import Link
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.notify.pagerduty import PagerDutyNotifier
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_server import FakeServer

NAME, KEY = "PAGERDUTY_KEY", "0123456789abcdef0123456789abcdef"
ROOT = RemoteRef(NAME, "inc_1")


@pytest.fixture
def notifier(server: FakeServer) -> PagerDutyNotifier:
    server.status = 202
    return PagerDutyNotifier({NAME: KEY}, server.url, timeout_s=0.4)


def order(op: Op = Op.OPEN, root: RemoteRef | None = None, **other: Any) -> Order:
    return Order(op, NAME, message("inc_1", **other), f"inc_1:{op}", root)


def events(server: FakeServer) -> list[dict[str, Any]]:
    return [json.loads(call.body) for call in server.taken]


def test_an_incident_is_triggered_acknowledged_and_resolved(
    server: FakeServer, notifier: PagerDutyNotifier
) -> None:
    assert notifier.send(order(severity=Severity.CRITICAL)) == ROOT
    notifier.send(order(Op.UPDATE, ROOT, stage=Stage.ACKNOWLEDGED))
    notifier.send(order(Op.RESOLVE, ROOT, stage=Stage.RESOLVED))
    trigger, *rest = events(server)
    assert server.taken[0].path == "/v2/enqueue"
    assert trigger["routing_key"] == KEY
    assert [e["event_action"] for e in events(server)] == ["trigger", "acknowledge", "resolve"]
    assert {e["dedup_key"] for e in events(server)} == {"inc_1"}
    assert trigger["payload"]["severity"] == "critical"
    assert trigger["payload"]["custom_details"]["Rows"] == "31,204"
    assert trigger["links"] == [{"href": "https://dagster.example/runs/3f2b", "text": "Run"}]
    assert all("payload" not in e for e in rest)


@pytest.mark.parametrize(
    ("op", "root", "stage", "action"),
    [
        (Op.REMIND, ROOT, Stage.FIRING, "trigger"),
        (Op.ESCALATE, ROOT, Stage.FIRING, "trigger"),
        # whoever closed it there is not paged by a correction
        (Op.UPDATE, ROOT, Stage.FIRING, None),
        (Op.UPDATE, None, Stage.FIRING, "trigger"),
        (Op.EVIDENCE, ROOT, Stage.FIRING, None),
        (Op.NOTE, ROOT, Stage.RESOLVED, None),
        (Op.DIGEST, None, Stage.DIGEST, None),
    ],
)
def test_what_pages(
    server: FakeServer,
    notifier: PagerDutyNotifier,
    op: Op,
    root: RemoteRef | None,
    stage: Stage,
    action: str | None,
) -> None:
    notifier.send(order(op, root, stage=stage))
    assert [e["event_action"] for e in events(server)] == ([action] if action else [])


@pytest.mark.parametrize("fault", [500, "reset_after", "reset_before", "hang", 429])
def test_a_lost_answer_is_sent_again_since_twice_is_once_there(
    server: FakeServer, notifier: PagerDutyNotifier, fault: int | str
) -> None:
    server.script(fault)
    with pytest.raises(RetryLaterError):
        notifier.send(order())
    assert notifier.find(order(), datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"errors": ["routing_key is incorrect"]}', DestinationError),
        (400, '{"errors": ["summary is too long"]}', PayloadError),
        (403, "", DestinationError),
    ],
)
def test_refusals(
    server: FakeServer,
    notifier: PagerDutyNotifier,
    status: int,
    body: str,
    error: type[DeliveryError],
) -> None:
    server.body = body
    server.script(status)
    with pytest.raises(error) as caught:
        notifier.send(order())
    assert KEY not in str(caught.value)


def test_texts_are_inert_and_links_are_web_addresses(
    server: FakeServer, notifier: PagerDutyNotifier
) -> None:
    notifier.send(order(title="<!channel>", links=(Link("x", "javascript:alert(1)"),)))
    (event,) = events(server)
    assert "<" not in json.dumps(event)
    assert event["links"] == []


def test_the_key_is_looked_at() -> None:
    assert PagerDutyNotifier({NAME: KEY}).examine(NAME) == "one incident there for each of ours"
    with pytest.raises(DestinationError, match="32 characters"):
        PagerDutyNotifier({NAME: "short"}).examine(NAME)
    assert PagerDutyNotifier({NAME: KEY}).reaches(NAME)
    assert not PagerDutyNotifier({}).reaches(NAME)
