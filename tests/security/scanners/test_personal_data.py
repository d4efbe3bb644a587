"""Personal data in one text: what is found, and what a check digit refutes."""

from __future__ import annotations

import re

from monitoring_pipelines.security.scanners.personal_data import PERSONAL_DATA, find_personal_data


def kinds(text: str) -> list[str]:
    return sorted(hit.kind for hit in find_personal_data(text))


def test_kinds_of_one_text() -> None:
    text = "Ana (ana@bank.org, +44 20 7946 0958) pays GB82 WEST 1234 5698 7654 32 from 81.2.69.142"
    assert kinds(text) == ["email", "iban", "ip_address", "phone"]
    assert re.search(PERSONAL_DATA.hint, text)


def test_a_wrong_check_digit_is_counted_as_such() -> None:
    assert kinds("4111 1111 1111 1112") == ["payment_card?"]


def test_digits_are_of_one_kind_only() -> None:
    assert kinds("GB82WEST12345698765432") == ["iban"]


def test_nothing_in_nothing() -> None:
    assert kinds("") == kinds("What are my options?") == []
