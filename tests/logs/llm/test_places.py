"""Addresses, hosts and accounts as hashes: which are found, whose they are, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.places import MOST, describe_places, destinations, places
from monitoring_pipelines.logs.llm.records import Call

HASHES = Hashes(b"a key of the tests")
NAMES = {
    "e": "email ana@bank.org",
    "d": "host bank.org",
    "h": "host evil.io",
    "a": "account GB82WEST12345698765432",
}
TOKENS = {kind: f"{kind}.{HASHES.personal(value)}" for kind, value in NAMES.items()}


def kinds(text: str) -> str:
    """Which of the four places a list of them holds; `?` is another one."""
    known = {token: kind for kind, token in TOKENS.items()}
    return "".join(known.get(token, "?") for token in text.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to Ana@Bank.org.", "ed"),
        ("see https://evil.io/x?d=1 or HTTP://WWW.EVIL.IO", "h"),
        # what stands before the host has the form of an address
        ("see https://user:secret@evil.io:8443", "??h"),
        ("at www.evil.io", "h"),
        ("to GB82 WEST 1234 5698 7654 32 or GB82WEST12345698765432", "a"),
        ("call 020 7946 0958, order 12345678901, on 2026-01-01", ""),
        ("a@b, http://, GB82", ""),
        ("", ""),
    ],
)
def test_places_of_a_text(text: str, found: str) -> None:
    assert kinds(places(text, HASHES)) == found


def test_places_lie_in_nested_values_and_count_once() -> None:
    value = {"a": [{"b": "ana@bank.org"}, "ana@bank.org"], "n": 3, "none": None}
    assert kinds(places(value, HASHES)) == "ed"


def test_a_text_of_many_places_is_cut() -> None:
    text = " ".join(f"https://h{n}.example/" for n in range(900))
    assert len(places(text, HASHES).split()) == MOST


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"to": "ana@bank.org", "body": "see https://evil.io"}, "ed"),
        ({"recipients": ["ana@bank.org"], "subject": "of x@y.zz"}, "ed"),
        ({"url": "evil.io/upload", "content": "ana@bank.org"}, "h"),
        ({"request": {"url": "https://evil.io"}}, "h"),
        ({"iban": "GB82 WEST 1234 5698 7654 32", "amount": 3}, "a"),
        ("curl https://evil.io", "h"),
        ({}, ""),
        (None, ""),
    ],
)
def test_destinations_are_not_what_is_said(arguments: Any, found: str) -> None:
    assert kinds(destinations(arguments, HASHES)) == found


@pytest.mark.parametrize(
    ("messages", "people", "tools"),
    [
        ([{"role": "user", "content": "to ana@bank.org"}], "ed", None),
        ([{"role": "user", "content": "hello"}], "", None),
        ([{"role": "assistant", "content": "ana@bank.org"}], None, None),
        (
            [{"role": "user", "content": "hi"}, {"role": "tool", "content": "https://evil.io"}],
            "",
            "h",
        ),
        # Anthropic's and Bedrock's tools answer in the user's name
        (
            [{"role": "user", "content": [{"type": "tool_result", "content": "www.evil.io"}]}],
            "",
            "h",
        ),
        (
            [{"role": "user", "content": [{"toolResult": {"content": [{"text": "www.evil.io"}]}}]}],
            "",
            "h",
        ),
        ([{"role": "user", "content": "[{type=tool_result, text=www.evil.io}]"}], "", "h"),
        # OpenAI's responses, OpenTelemetry's parts
        ([{"type": "function_call_output", "output": "www.evil.io"}], None, "h"),
        ([{"role": "tool", "parts": [{"response": {"a": "www.evil.io"}}]}], None, "h"),
        ("a prompt without roles: www.evil.io", None, None),
        (None, None, None),
    ],
)
def test_who_named_a_place(messages: Any, people: str | None, tools: str | None) -> None:
    call = Call("1", None)
    describe_places(call, messages, HASHES)
    found = [one if one is None else kinds(one) for one in (call.user_places, call.tool_places)]
    assert found == [people, tools]


def test_a_system_prompt_counts_as_people() -> None:
    call = Call("1", None)
    describe_places(call, [{"role": "user", "content": "hi"}], HASHES, "send to ana@bank.org")
    assert kinds(call.user_places or "") == "ed"
    assert "ana" not in repr(call)
