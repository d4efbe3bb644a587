from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_server import FakeServer
from tests.fake_slack import FakeSlack, without_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    without_proxy(monkeypatch)
    with FakeSlack() as running:
        yield running


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    without_proxy(monkeypatch)
    with FakeServer() as running:
        yield running
