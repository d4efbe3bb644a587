"""One HTTP call against servers on the loopback."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify import web
from monitoring_pipelines.notify.web import Answer, post, refusal

if TYPE_CHECKING:
    from tests.fake_server import FakeServer


def test_headers_and_body_arrive(server: FakeServer) -> None:
    server.body = "thanks"
    answer = post(f"{server.url}/hook?a=b", b"{}", {"X-One": "1"})
    assert (answer.status, answer.body) == (200, "thanks")
    (call,) = server.calls
    assert (call.path, call.body, call.headers["x-one"]) == ("/hook?a=b", b"{}", "1")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (204, None),
        (302, DestinationError),
        (400, PayloadError),
        (401, DestinationError),
        (404, DestinationError),
        (408, UnknownOutcomeError),
        (410, DestinationError),
        (413, PayloadError),
        (429, RetryLaterError),
        (500, UnknownOutcomeError),
        (503, UnknownOutcomeError),
    ],
)
def test_statuses(server: FakeServer, status: int, error: type[DeliveryError] | None) -> None:
    server.script(status)
    found = refusal(post(server.url, b"", {}))
    assert (type(found) if found else None) is error


def test_how_long_to_wait_is_said_by_the_server_and_capped(server: FakeServer) -> None:
    server.script(429)
    found = refusal(post(server.url, b"", {}))
    assert isinstance(found, RetryLaterError)
    assert found.after_s == 7
    assert web.seconds("999999") == web.MAX_RETRY_AFTER_S
    assert web.seconds("Wed, 21 Oct 2026 07:28:00 GMT") is None


def test_a_redirect_is_not_followed(server: FakeServer) -> None:
    server.script(307)
    assert post(server.url, b"secret", {}).status == 307
    assert len(server.calls) == 1


@pytest.mark.parametrize("fault", ["reset_before", "hang"])
def test_a_lost_answer_is_an_unknown_outcome(server: FakeServer, fault: str) -> None:
    server.script(fault)
    with pytest.raises(UnknownOutcomeError):
        post(server.url, b"", {}, timeout_s=0.3)


def test_nobody_listens(server: FakeServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(RetryLaterError, match="ConnectionRefusedError"):
            post(f"http://127.0.0.1:{port}/", b"", {})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/", "https://u:p@x/", "x", ""])
def test_only_web_addresses_are_called(url: str) -> None:
    with pytest.raises(DestinationError) as caught:
        post(url, b"", {})
    assert url not in str(caught.value) or not url


def test_what_a_server_says_is_inert() -> None:
    said = str(refusal(Answer(500, "<!channel> password=hunter2", {})))
    assert "<" not in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        (socket.gaierror(), RetryLaterError),
        (ConnectionRefusedError(), RetryLaterError),
        # the connection broke while the request was written: it may have arrived
        (ConnectionResetError(), UnknownOutcomeError),
        (TimeoutError(), UnknownOutcomeError),
    ],
)
def test_only_what_was_never_sent_is_surely_not_there(
    reason: OSError, error: type[DeliveryError]
) -> None:
    assert type(web.unreached(URLError(reason))) is error
