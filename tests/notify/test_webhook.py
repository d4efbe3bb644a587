from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.message import Chart, Fact, Table
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.notify.webhook import WebhookNotifier, payload
from tests.notify.messages import message

if TYPE_CHECKING:
    from tests.fake_server import FakeServer

NAME, SECRET = "OPS_HOOK", "s3cret"
ROOT = RemoteRef(NAME, "inc_1")


@pytest.fixture
def notifier(server: FakeServer) -> WebhookNotifier:
    environ = {NAME: f"{server.url}/hook", f"{NAME}_SECRET": SECRET}
    return WebhookNotifier(environ, timeout_s=0.4, clock=lambda: 1795521600.9)


def order(op: Op = Op.OPEN, root: RemoteRef | None = None, **other: Any) -> Order:
    return Order(op, NAME, message("inc_1", **other), f"inc_1:{op}:1", root)


def test_the_receiver_can_check_the_signature_and_tell_a_repeat(
    server: FakeServer, notifier: WebhookNotifier
) -> None:
    assert notifier.send(order()) == ROOT
    (call,) = server.taken
    assert call.path == "/hook"
    assert call.headers["idempotency-key"] == "inc_1:open:1"
    assert call.headers["x-mlmon-timestamp"] == "1795521600"
    # as a receiver computes it, from what it got
    signed = b"v1:" + call.headers["x-mlmon-timestamp"].encode() + b":" + call.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert call.headers["x-mlmon-signature"] == f"v1={expected}"


def test_everything_is_posted(server: FakeServer, notifier: WebhookNotifier) -> None:
    for op in (Op.OPEN, Op.EVIDENCE, Op.UPDATE, Op.RESOLVE, Op.NOTE):
        notifier.send(order(op, ROOT))
    said = [json.loads(call.body) for call in server.taken]
    assert [s["op"] for s in said] == ["open", "evidence", "update", "resolve", "note"]
    assert {s["incident"] for s in said} == {"inc_1"}


def test_the_payload_holds_everything_inert() -> None:
    hostile = "<!channel> password=hunter2"
    said = payload(
        order(
            title=hostile,
            what=hostile,
            facts=(Fact(hostile, hostile),),
            steps=(hostile,),
            chart=Chart(hostile, (hostile,), (0.5,), 0.1, None),
            table=Table((hostile,), ((hostile,),)),
            small=(hostile,),
        )
    )
    text = json.dumps(said)
    assert "<" not in text
    assert "hunter2" not in text
    assert said["chart"]["values"] == [0.5]
    assert said["severity"] == "high"
    assert said["version"] == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (429, RetryLaterError),
        (503, UnknownOutcomeError),
        ("reset_after", UnknownOutcomeError),
        (422, PayloadError),
        (401, DestinationError),
        (307, DestinationError),
    ],
)
def test_faults(
    server: FakeServer, notifier: WebhookNotifier, fault: int | str, error: type[DeliveryError]
) -> None:
    server.script(fault)
    with pytest.raises(error):
        notifier.send(order())
    # the receiver knows a repeat by its key
    assert notifier.find(order(), datetime.now(UTC)) is None


def test_without_its_secret_nothing_is_posted() -> None:
    notifier = WebhookNotifier({NAME: "https://ops.example/hook"})
    assert not notifier.reaches(NAME)
    assert notifier.examine(NAME) == "signed JSON"
    with pytest.raises(DestinationError, match="holds no http"):
        WebhookNotifier({NAME: "file:///etc/passwd"}).examine(NAME)
