from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_slack import FakeSlack

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        yield running
