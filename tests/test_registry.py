"""One owner per name, and help for a misspelt one."""

from __future__ import annotations

import pytest

from monitoring_pipelines.errors import ConfigError, UnknownNameError
from monitoring_pipelines.registry import Registry


@pytest.fixture
def channels() -> Registry[int]:
    registry = Registry[int]("channel")
    registry.add("slack", 1)
    registry.add("email", 2)
    return registry


def test_reads_like_a_mapping_in_the_order_of_names(channels: Registry[int]) -> None:
    assert channels["slack"] == 1
    assert list(channels) == ["email", "slack"]
    assert channels.values() == [2, 1]
    assert len(channels) == 2
    assert "slack" in channels
    assert "slak" not in channels


def test_an_unknown_name_gets_a_suggestion(channels: Registry[int]) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'slack'\? Known: email, slack"):
        channels["slak"]


def test_a_second_owner_is_refused(channels: Registry[int]) -> None:
    with pytest.raises(ConfigError, match="The channel 'slack' is registered twice"):
        channels.add("slack", 3)
    assert channels["slack"] == 1
