"""Sizes and hashes of prompts and answers, of any provider's shape; the text stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.findings import spoken
from monitoring_pipelines.logs.llm.form import form_of
from monitoring_pipelines.logs.llm.places import describe_places
from monitoring_pipelines.logs.llm.topic import asked
from monitoring_pipelines.logs.llm.values import decoded, flag, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Call, Record

_SYSTEM = {"system", "developer"}
_DEPTH = 12
# of a content part: where its text may stand; pictures and sounds have none
_TEXTS = (
    "text",
    "content",
    "parts",
    "guardContent",
    "toolResult",
    "refusal",
    "output",
    "input_text",
)


def length(content: Any, depth: int = 0) -> int:
    """Characters of text in a message's content: a text, parts, or messages.

    >>> length([{"role": "user", "content": [{"text": "hello"}, {"image": "..."}]}])
    5
    """
    if isinstance(content, str):
        return len(content)
    if depth > _DEPTH:
        return 0
    if isinstance(content, list):
        return sum(length(part, depth + 1) for part in content)
    if isinstance(content, dict):
        return sum(length(content[key], depth + 1) for key in _TEXTS if key in content)
    return 0


def describe_request(call: Call, body: Record, hashes: Hashes) -> None:
    """Fill in what the body of a request tells: sizes, hash of the prompt, tools, form."""
    messages = body.get("messages")
    if messages is None:
        messages = body.get("input", body.get("inputText", body.get("prompt")))
    call.model_requested = call.model_requested or text(body.get("model"))
    system = body.get("system", body.get("instructions")) or _system_messages(messages)
    tools = body.get("tools") or path(body, "toolConfig", "tools") or body.get("functions")
    if messages is not None:
        call.asked = asked(messages)
        call.input_chars = length(messages) + length(body.get("system", body.get("instructions")))
    if isinstance(tools, list) and tools:
        call.tools_offered = len(tools)
    call.form = form_of(body) or call.form
    call.prompt_hash = hashes.template(*(part for part in (system, tools) if part))
    if tools or any(path(one, "role") == "tool" for one in sequence(messages)):
        describe_places(call, messages, hashes, system)
    call.streaming = flag(body.get("stream")) if "stream" in body else call.streaming
    call.end_user = call.end_user or hashes.personal(
        text(body.get("safety_identifier")) or text(body.get("user"))
    )


def describe_answer(call: Call, content: Any, hashes: Hashes) -> None:
    """Fill in size and hash of an answer's text."""
    call.output_chars = length(content)
    if call.output_chars:
        alone = isinstance(content, list) and len(content) == 1
        call.output_hash = hashes.personal(content[0] if alone else content)
        call.answer, call.answer_text = content, spoken(content)


def _system_messages(messages: Any) -> list[Any]:
    if not isinstance(messages, list):
        return []
    return [
        message.get("content")
        for message in messages
        if isinstance(message, dict) and message.get("role") in _SYSTEM and message.get("content")
    ]


def arguments(value: Any) -> tuple[Any, bool]:
    """Give a tool's arguments and whether they are an object, as every tool takes.

    Models write them as a JSON text, which may be cut off or wrong.

    >>> arguments('{"city": "Rome"}'), arguments('{"n": 1/6}'), arguments("")
    (({'city': 'Rome'}, True), ('{"n": 1/6}', False), ({}, True))
    """
    if value in (None, "", {}):
        return {}, True
    if isinstance(value, dict):
        return value, True
    found = decoded(value) if isinstance(value, str) else None
    return (found, True) if isinstance(found, dict) else (value, False)
