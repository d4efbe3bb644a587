"""Numbers that processors publish for tests, and the example of Luhn's patent."""

from __future__ import annotations

import pytest

from monitoring_pipelines.security.personal.payment_card import PAYMENT_CARD, luhn


def found(text: str) -> list[str]:
    normal = ((PAYMENT_CARD.normal(match[0])) for match in PAYMENT_CARD.pattern.finditer(text))
    return [one for one in normal if one is not None]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("card 4111 1111 1111 1111.", "4111111111111111"),
        ("5555-5555-5555-4444", "5555555555554444"),
        ("378282246310005", "378282246310005"),
        ("30569309025904", "30569309025904"),
        ("pay 3530111333300000 now", "3530111333300000"),
        ("6011000990139424", "6011000990139424"),
    ],
)
def test_is_found(text: str, normal: str) -> None:
    assert found(text) == [normal]


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "9111111111111111",
        "0000000000000000",
        "1732530000000000000",
        "id-4111111111111111",
        "4111111111111111.5",
        "sha 4111111111111111ab",
        "41111111111111111111",
    ],
)
def test_is_none(text: str) -> None:
    assert found(text) == []


def test_luhn_catches_every_single_wrong_digit() -> None:
    number = "79927398713"
    assert luhn(number)
    wrong = [
        number[:i] + digit + number[i + 1 :]
        for i in range(len(number))
        for digit in "0123456789"
        if digit != number[i]
    ]
    assert not any(map(luhn, wrong))
