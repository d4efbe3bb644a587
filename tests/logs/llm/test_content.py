"""Sizes and hashes of prompts and answers, in the shapes of three providers."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.content import (
    arguments,
    describe_answer,
    describe_request,
    length,
)
from monitoring_pipelines.logs.llm.records import Call
from tests.llm_records import HASHES

TOOLS = [{"name": "weather", "parameters": {}}]
OPENAI = {
    "model": "gpt-4o",
    "stream": True,
    "user": "alice",
    "messages": [{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi"}],
    "tools": TOOLS,
}
CLAUDE = {
    "system": "Be kind",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
}
CONVERSE = {
    "system": [{"text": "Be kind"}],
    "messages": [{"role": "user", "content": [{"guardContent": {"text": {"text": "Hi"}}}]}],
    "toolConfig": {"tools": TOOLS},
}


@pytest.mark.parametrize("body", [OPENAI, CLAUDE, CONVERSE])
def test_characters_of_system_prompt_and_question(body: dict[str, Any]) -> None:
    call = Call("1", None)
    describe_request(call, body, HASHES)
    assert call.input_chars == len("Be kind") + len("Hi")
    assert call.prompt_hash is not None


def test_what_else_a_request_tells() -> None:
    call = Call("1", None)
    describe_request(call, OPENAI, HASHES)
    assert (call.model_requested, call.streaming, call.tools_offered) == ("gpt-4o", True, 1)
    assert call.end_user == HASHES.personal("alice")


def test_the_prompts_hash_changes_with_the_system_prompt_and_the_tools_only() -> None:
    def hashed(body: dict[str, Any]) -> str | None:
        call = Call("1", None)
        describe_request(call, body, HASHES)
        return call.prompt_hash

    question = [*OPENAI["messages"][:1], {"role": "user", "content": "Another"}]
    system = [{"role": "system", "content": "Be rude"}, *OPENAI["messages"][1:]]
    assert hashed({**OPENAI, "messages": question}) == hashed(OPENAI)
    assert hashed({**OPENAI, "messages": system}) != hashed(OPENAI)
    assert hashed({**OPENAI, "tools": []}) != hashed(OPENAI)
    assert hashed({"messages": "Hi"}) is None


def test_pictures_have_no_characters_and_circles_end() -> None:
    assert length([{"image": "x" * 1000}, {"text": "ab"}, 3, None]) == 2
    deep: dict[str, Any] = {"text": "a"}
    for _ in range(10_000):
        deep = {"content": deep}
    assert length(deep) == 0


def test_an_answer_has_a_size_and_a_hash_and_an_empty_one_none() -> None:
    call = Call("1", None)
    describe_answer(call, ["four"], HASHES)
    assert (call.output_chars, call.output_hash) == (4, HASHES.personal("four"))
    describe_answer(empty := Call("2", None), [None], HASHES)
    assert (empty.output_chars, empty.output_hash) == (0, None)


def test_arguments_are_an_object_or_wrong() -> None:
    assert arguments('{"n": 5}') == ({"n": 5}, True)
    assert arguments({"n": 5}) == ({"n": 5}, True)
    assert arguments(None) == arguments(" {} ") == ({}, True)
    # from a real answer: a fraction is no JSON
    assert arguments('{"p": 1/6}') == ('{"p": 1/6}', False)
    assert arguments('{"cut": "of')[1] is arguments("[1]")[1] is False
