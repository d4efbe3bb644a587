"""Only what Slack has signed within five minutes is heard."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from monitoring_pipelines.notify.interactivity import MAX_BODY, InteractivityServer
from tests.fake_socket import pressed

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "a-signing-secret-of-the-tests"
PAYLOAD = pressed("mlmon.ack", "inc_0123456789")
BODY = urlencode({"payload": json.dumps(PAYLOAD)}).encode()


class Served:
    """A running server, and what it heard."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.server = InteractivityServer(("127.0.0.1", 0), SECRET, self.heard.append)

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection(*self.server.server_address[:2], timeout=10)
        connection.request("POST", "/slack", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def served() -> Iterator[Served]:
    served, stop = Served(), threading.Event()
    thread = threading.Thread(target=served.server.serve_until, args=(stop,))
    thread.start()
    yield served
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def signed(body: bytes, age_s: float = 0, secret: str = SECRET) -> dict[str, str]:
    at = str(int(time.time() - age_s))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature)}


def test_what_is_signed_is_heard(served: Served) -> None:
    assert served.post(BODY, signed(BODY)) == 200
    assert served.heard == [PAYLOAD]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY + b"x", signed(BODY)),
        (BODY.replace(b"U0ANA", b"U0EVE"), signed(BODY)),
        (BODY, signed(BODY, secret="another")),
        (BODY, {}),
        (BODY, {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=0"}),
        (BODY, {"X-Slack-Request-Timestamp": "9" * 5000, "X-Slack-Signature": "v0=0"}),
        (BODY, signed(BODY) | {"X-Slack-Signature": "v0=\xff"}),
        (b"\xff", signed(b"")),
    ],
)
def test_what_is_not_signed_is_refused(
    served: Served, body: bytes, headers: dict[str, str]
) -> None:
    assert served.post(body, headers) == 401
    assert served.heard == []


def test_what_was_signed_six_minutes_ago_is_refused(served: Served) -> None:
    assert served.post(BODY, signed(BODY, age_s=240)) == 200
    assert served.post(BODY, signed(BODY, age_s=360)) == 401
    assert served.post(BODY, signed(BODY, age_s=-360)) == 401
    assert len(served.heard) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload=",
        b"payload={",
        b"other=1",
        b"payload=1&payload=2",
        b"payload=" + b"[" * 90_000,
    ],
    ids=range(6),
)
def test_what_is_signed_and_no_payload_is_told_so(served: Served, body: bytes) -> None:
    assert served.post(body, signed(body)) == 400
    assert served.heard == []


def test_a_body_of_no_length_or_too_much_of_it_is_not_read(served: Served) -> None:
    for length, status in ((str(MAX_BODY + 1), 413), ("9" * 4000, 413), ("-1", 400), ("x", 400)):
        connection = http.client.HTTPConnection(*served.server.server_address[:2], timeout=10)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()


def test_one_who_says_nothing_holds_up_nobody(served: Served) -> None:
    with socket.create_connection(served.server.server_address[:2]):
        assert served.post(BODY, signed(BODY)) == 200


def test_only_posts_are_answered(served: Served) -> None:
    connection = http.client.HTTPConnection(*served.server.server_address[:2], timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 501
    connection.close()
