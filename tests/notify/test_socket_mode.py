"""Envelopes reach us through the SDK's own client: once told, acknowledged, and after a break."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.errors import DestinationError
from monitoring_pipelines.notify.socket_mode import listen_on_socket
from tests.fake_slack import without_proxy
from tests.fake_socket import APP_TOKEN, FakeSocket, until

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "inc_0123456789"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSocket]:
    without_proxy(monkeypatch)
    with FakeSocket() as running:
        yield running


@contextmanager
def listening(fake: FakeSocket) -> Iterator[list[Any]]:
    """Payloads that a listener was given."""
    heard: list[Any] = []
    stop, before = threading.Event(), fake.n_connected
    arguments = (APP_TOKEN, fake.url, heard.append, stop)
    thread = threading.Thread(target=listen_on_socket, args=arguments)
    thread.start()
    try:
        until(lambda: fake.n_connected > before)
        yield heard
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_an_envelope_is_acknowledged_and_heard(fake: FakeSocket) -> None:
    with listening(fake) as heard:
        envelope = fake.press("mlmon.ack", ID)
        until(lambda: heard)
        until(lambda: fake.is_settled(envelope))
    assert heard == [fake.envelopes[envelope]["payload"]]


def test_it_is_acknowledged_before_it_is_heard(fake: FakeSocket) -> None:
    stop, order = threading.Event(), list[int]()

    def hear(_: Any) -> None:
        until(lambda: fake.acked)
        order.append(len(fake.acked))

    arguments = (APP_TOKEN, fake.url, hear, stop)
    thread = threading.Thread(target=listen_on_socket, args=arguments)
    thread.start()
    until(lambda: fake.sockets)
    fake.press("mlmon.ack", ID)
    until(lambda: order)
    stop.set()
    thread.join(20)
    assert order == [1]


def test_a_large_message_is_read_whole(fake: FakeSocket) -> None:
    with listening(fake) as heard:
        fake.press("mlmon.ack", ID, message={"text": "ä" * 300_000})
        until(lambda: heard)
    assert heard[0]["message"]["text"] == "ä" * 300_000


def test_other_envelopes_are_acknowledged_and_left(fake: FakeSocket) -> None:
    with listening(fake) as heard:
        fake.envelopes["e"] = {"type": "events_api", "envelope_id": "e", "payload": {}}
        fake.deliver("e")
        until(lambda: fake.is_settled("e"))
        assert heard == []


@pytest.mark.parametrize("how", ["disconnect", "hang_up"])
def test_after_a_break_it_listens_again(fake: FakeSocket, how: str) -> None:
    with listening(fake) as heard:
        getattr(fake, how)()
        until(lambda: fake.n_connected == 2, timeout_s=60)
        until(lambda: len(fake.sockets) == 1)
        fake.press("mlmon.ack", ID)
        until(lambda: heard)


def test_a_refused_token_ends_it_at_once(fake: FakeSocket) -> None:
    with pytest.raises(DestinationError, match="invalid_auth"):
        listen_on_socket("xapp-wrong", fake.url, lambda _: None, threading.Event())
