"""Examples of the IBAN registry."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.iban import IBAN


def found(text: str) -> list[str]:
    normal = ((IBAN.normal(match[0])) for match in IBAN.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("to DE89370400440532013000, please", "DE89370400440532013000"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("account GB82WEST12345698765432 IS MINE", "GB82WEST12345698765432"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "GB83 WEST 1234 5698 7654 32",
        "XX82 WEST 1234 5698 7654 32",
        "DE8937040044053201300",
        "AB12CD34EF56GH78",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []
