"""Areas, groups and serials that the Social Security Administration never issued."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.us_ssn import US_SSN


def found(text: str) -> list[str]:
    normal = ((US_SSN.normal(match[0])) for match in US_SSN.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("SSN 536-90-4399", "536904399"),
        ("it is 536 90 4399.", "536904399"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "000-12-3456",
        "666-12-3456",
        "912-12-3456",
        "536-00-4399",
        "536-90-0000",
        "536904399",
        "536-90 4399",
        "078-05-1120",
        "1-536-90-4399",
        "536-90-43990",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
