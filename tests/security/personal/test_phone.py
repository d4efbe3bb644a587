"""Forms that little else has; E.164 allows 15 digits."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.phone import PHONE


def found(text: str) -> list[str]:
    normal = ((PHONE.normal(match[0])) for match in PHONE.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("+44 20 7946 0958", "442079460958"),
        ("call (415) 555-2671 now", "4155552671"),
        ("1-212-456-7890", "12124567890"),
        ("+49 (0)30 901820", "49030901820"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24",
        "415 555 2671",
        "+1",
        "x+12345678901",
        "1 + 23456789",
        "+1234567890123456789",
        "100-200-3000-4",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
