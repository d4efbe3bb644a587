"""Who the app is, and what only one person sees."""

# ruff: noqa: RUF001 - look-alikes are what is tested

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import DeliveryError, DestinationError
from monitoring_pipelines.notify.slack_app import Identity, SlackApp
from tests.fake_slack import TOKEN, without_proxy
from tests.fake_socket import APP, APP_TOKEN, TEAM, FakeSocket

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSocket]:
    without_proxy(monkeypatch)
    with FakeSocket() as running:
        yield running


def test_the_workspace_and_if_it_is_told_the_app(fake: FakeSocket) -> None:
    app = SlackApp(TOKEN, fake.url)
    assert app.identity(APP_TOKEN) == Identity(TEAM, None)
    assert app.identity("xapp-wrong") == Identity(TEAM, None)
    fake.tells_app = True
    assert app.identity() == Identity(TEAM, APP)


def test_a_word_that_one_person_sees_holds_no_syntax(fake: FakeSocket) -> None:
    SlackApp(TOKEN, fake.url).whisper("C0ALERTS", "U0ANA", "no <!channel>")
    assert fake.whispers == [{"channel": "C0ALERTS", "user": "U0ANA", "text": "no ‹!channel›"}]


@pytest.mark.parametrize("fault", ["error:missing_scope", "status:503", "reset_before", "html"])
def test_whatever_goes_wrong_is_one_kind_of_error(fake: FakeSocket, fault: str) -> None:
    fake.script("chat.postEphemeral", fault)
    with pytest.raises(DeliveryError):
        SlackApp(TOKEN, fake.url).whisper("C0ALERTS", "U0ANA", "no")
    assert fake.calls["chat.postEphemeral"] == 1


def test_a_wrong_token_is_told(fake: FakeSocket) -> None:
    with pytest.raises(DestinationError, match="invalid_auth"):
        SlackApp("xoxb-wrong", fake.url).identity()
