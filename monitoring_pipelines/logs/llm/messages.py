"""What was said in a span: messages as JSON, as numbered attributes, or as whole values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from monitoring_pipelines.logs.llm.content import length
from monitoring_pipelines.logs.llm.topic import asked
from monitoring_pipelines.logs.llm.values import decoded, path, sequence, text

_NUMBERED = re.compile(
    r"(?P<side>gen_ai\.prompt|gen_ai\.completion|llm\.input_messages|llm\.output_messages)"
    r"\.(?P<n>\d+)\.(?:message\.)?(?P<rest>.+)"
)
_TOOL = re.compile(
    r"tool_calls\.(?P<m>\d+)\.(?:tool_call\.)?(?:function\.)?(?P<what>id|name|arguments)"
)
_OFFERED = re.compile(r"(?:llm\.request\.functions|llm\.tools)\.(\d+)\.(.+)")
_CALLS = {"tool_call", "tool_use", "tool-call", "function_call", "function"}
_FUNCTIONS = ("function", "function_call", "functionCall")
_PARTS = ("tool_calls", "toolCalls", "content", "parts", "choices", "message", "output")
_IDS = ("id", "call_id", "toolCallId")
_DEPTH = 8
_PREFIXES = ("gen_ai.prompt.", "gen_ai.completion.", "llm.")


@dataclass(slots=True)
class Said:
    """Sizes and parts of a span's messages.

    `given` are the messages before the answer, `asked` is the last message of a person,
    `answers` are those after it, `tools_asked` are (tool, arguments, id) of the answer.
    """

    input_chars: int | None = None
    output_chars: int | None = None
    output: str = ""
    system: str = ""
    asked: str | None = None
    tools: list[Any] = field(default_factory=list)
    tools_asked: list[tuple[str, Any, str | None]] = field(default_factory=list)
    finish: list[Any] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)


def said(attributes: dict[str, Any]) -> Said:
    """Read the messages in a span's attributes; the newest way of writing them that is there."""
    found = Said()
    if "gen_ai.output.messages" in attributes or "gen_ai.input.messages" in attributes:
        _read_json(found, attributes)
    else:
        _read_numbered(found, attributes)
    definitions = attributes.get("gen_ai.tool.definitions")
    found.tools = _list(definitions) or found.tools
    if found.input_chars is None and "input.value" in attributes:
        found.input_chars = len(str(attributes["input.value"]))
        given = attributes["input.value"]
        value = decoded(given) if isinstance(given, str) else None
        found.asked = asked(given if value is None else value)
    if found.output_chars is None and "output.value" in attributes:
        found.output = str(attributes["output.value"])
        found.output_chars = len(found.output)
    return found


def _read_json(found: Said, attributes: dict[str, Any]) -> None:
    given = _list(attributes.get("gen_ai.input.messages"))
    found.asked = asked(given)
    system = _list(attributes.get("gen_ai.system_instructions"))
    found.given = [*given, {"role": "system", "content": [*system]}]
    system += [one for one in given if path(one, "role") == "system"]
    found.system = str(system) if system else ""
    found.input_chars = length(given) + length(_list(attributes.get("gen_ai.system_instructions")))
    answers = found.answers = _list(attributes.get("gen_ai.output.messages"))
    found.output_chars = length(answers)
    found.output = str(answers) if found.output_chars else ""
    for answer in answers:
        found.finish.append(path(answer, "finish_reason"))
        for part in sequence(path(answer, "parts")) or sequence(path(answer, "content")):
            name = text(path(part, "name"))
            if path(part, "type") in {"tool_call", "tool_use"} and name:
                args = path(part, "arguments") or path(part, "input")
                found.tools_asked.append((name, args, text(path(part, "id"))))


def _read_numbered(found: Said, attributes: dict[str, Any]) -> None:
    tools: dict[tuple[int, int], dict[str, Any]] = {}
    offered: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        if not key.startswith(_PREFIXES):
            continue
        if match := _OFFERED.fullmatch(key):
            offered.setdefault(int(match[1]), {})[match[2]] = value
        elif match := _NUMBERED.fullmatch(key):
            rest = match["rest"]
            answers = match["side"].endswith(("completion", "output_messages"))
            tool = _TOOL.fullmatch(rest) if answers else None
            if tool:
                tools.setdefault((int(match["n"]), int(tool["m"])), {})[tool["what"]] = value
            elif answers:
                _add_answer(found, rest, value)
            else:
                _add_given(found, rest, value, attributes.get(key.removesuffix(rest) + "role"))
    found.tools = [offered[number] for number in sorted(offered)]
    found.tools_asked += [
        (name, tool_call.get("arguments"), text(tool_call.get("id")))
        for _, tool_call in sorted(tools.items())
        if (name := text(tool_call.get("name")))
    ]


def _add_given(found: Said, rest: str, value: Any, role: Any) -> None:
    if _is_text(rest):
        found.input_chars = (found.input_chars or 0) + length(value)
        found.system += str(value) if role == "system" else ""
        found.given.append({"role": role, "content": value})
        if role == "user" and isinstance(value, str):
            found.asked = value  # the attributes are in the order of the messages


def _add_answer(found: Said, rest: str, value: Any) -> None:
    if _is_text(rest):
        found.output_chars = (found.output_chars or 0) + length(value)
        found.output += str(value)
        found.answers.append(value)
    elif rest == "finish_reason":
        found.finish.append(value)


def _is_text(rest: str) -> bool:
    return rest == "content" or rest.endswith((".content", ".text"))


def asked_in(value: Any, depth: int = 0) -> list[tuple[str, Any, str | None]]:
    """(tool, arguments, id) of the tools that an answer asks for, in whichever shape it was kept.

    >>> asked_in({"tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]})
    [('f', '{}', 'c1')]
    """
    if isinstance(value, str) and value[:1] in {"{", "["}:
        value = decoded(value)
    if depth > _DEPTH or not isinstance(value, list | dict):
        return []
    if isinstance(value, list):
        return [one for part in value for one in asked_in(part, depth + 1)]
    inner = next((value[key] for key in _FUNCTIONS if isinstance(value.get(key), dict)), value)
    name = text(inner.get("name", value.get("toolName")))
    kind = "tool_call" if "toolName" in value else value.get("type", value.get("kind"))
    if name and (kind in _CALLS or inner is not value):
        given = (inner.get(key) for key in ("arguments", "args", "input") if inner.get(key))
        ids = (one.get(key) for one in (value, inner) for key in _IDS if one.get(key))
        return [(name, next(given, None), text(next(ids, None)))]
    # LangChain keeps the provider's own form beside its own; they are the same calls
    keys = [key for key in _PARTS if value.get(key)]
    if "tool_calls" not in keys and "additional_kwargs" in value:
        keys.append("additional_kwargs")
    return [one for key in keys for one in asked_in(value[key], depth + 1)]


def _list(value: Any) -> list[Any]:
    """Give a list of messages; on spans it is often a JSON text."""
    value = decoded(value) if isinstance(value, str) else value
    return value if isinstance(value, list) else []
