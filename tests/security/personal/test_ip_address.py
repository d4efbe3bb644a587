"""Addresses of both versions; what leads to nobody is none."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.ip_address import IP_ADDRESS


def found(text: str) -> list[str]:
    normal = ((IP_ADDRESS.normal(match[0])) for match in IP_ADDRESS.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("from 81.2.69.142:443", "81.2.69.142"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("6e40:4041:c617:e898:c11:40d2:c669:2eb4", "6e40:4041:c617:e898:c11:40d2:c669:2eb4"),
        ("10.77.20.248", "10.77.20.248"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "0.0.0.0",
        "255.255.255.0",
        "version 1.2.3.4.5",
        "1.2.3",
        "300.1.1.1",
        "12:30:45",
        "v1.2.3.4",
        "std::vector::begin",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
