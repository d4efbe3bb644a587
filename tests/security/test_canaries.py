"""A token is found in every form that keeps it, and not in its parts."""

from __future__ import annotations

import base64

import pytest

from monitoring_pipelines.security.canaries import canaries, is_long_enough

TOKEN = "blue-heron-7731"
SCANNER = canaries(["other-token-1", TOKEN])


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        TOKEN.upper(),
        " ".join(TOKEN),
        TOKEN[::-1],
        TOKEN.encode().hex(),
        *(base64.b64encode(b"x" * shift + TOKEN.encode() + b" end").decode() for shift in range(3)),
    ],
)
def test_found(form: str) -> None:
    assert {hit.kind.split(" ")[1] for hit in SCANNER.scan(f"so: {form}.")} == {"2"}


@pytest.mark.parametrize("text", ["", "a blue heron", "7731", "heron-7731-blue"])
def test_not_found(text: str) -> None:
    assert [*SCANNER.scan(text)] == []


def test_short_tokens_are_met_by_chance() -> None:
    assert is_long_enough("abcd1234")
    assert not is_long_enough("ab-cd-123")
