"""OpenAI chat completions, as OpenAI, Azure OpenAI and servers of the same interface write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import arguments, describe_answer
from monitoring_pipelines.logs.llm.content_filter import describe_filter
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.places import destinations
from monitoring_pipelines.logs.llm.records import Call, Found, ToolCall
from monitoring_pipelines.logs.llm.values import count, instant, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_OPERATIONS = {"chat.completion": "chat", "text_completion": "text_completion"}
_OPENAI = re.compile(r"(ft:)?(gpt-|chatgpt-|o\d|text-|davinci|codex|computer-use)")


def recognise(record: Record) -> bool:
    """Whether this is a completion."""
    return record.get("object") in _OPERATIONS and "choices" in record


def read(record: Record, hashes: Hashes) -> Found:
    """One call, and the tools that the model asked for.

    A refusal has the finish reason ``stop``; only the message's `refusal` tells. A choice that
    was filtered has no message at all, and is billed. The prompt's tokens include cached ones.
    """
    call = Call(
        id=text(record.get("id")) or "",
        timestamp=instant(record.get("created")),
        operation=_OPERATIONS.get(str(record.get("object")), "chat"),
        provider=provider(record),
        model=text(record.get("model")),
        status="ok",
        fingerprint=text(record.get("system_fingerprint")),
        tier=text(record.get("service_tier")),
    )
    choices = [one for one in sequence(record.get("choices")) if isinstance(one, dict)]
    messages = [one["message"] for one in choices if isinstance(one.get("message"), dict)]
    call.finish = unified([one.get("finish_reason") for one in choices])
    call.refusal = any(message.get("refusal") for message in messages)
    if call.refusal:
        call.finish = "refusal"
    describe_usage(call, record.get("usage"))
    describe_filter(call, record)
    texts = [message.get("content") or message.get("refusal") for message in messages]
    describe_answer(call, texts or [one.get("text") for one in choices], hashes)
    found = Found(calls=[call])
    asked = [one for message in messages for one in sequence(message.get("tool_calls"))]
    asked += [message["function_call"] for message in messages if message.get("function_call")]
    for tool in asked:
        found.tool_calls += asked_tool(call, len(found.tool_calls), tool, hashes)
    call.tools_called = len(found.tool_calls)
    return found


def describe_usage(call: Call, usage: Any) -> None:
    """Fill in tokens of a completion, whose prompt includes what was cached."""
    call.input_tokens = count(path(usage, "prompt_tokens"))
    call.output_tokens = count(path(usage, "completion_tokens"))
    call.cache_read_tokens = count(path(usage, "prompt_tokens_details", "cached_tokens"))
    call.cache_write_tokens = count(path(usage, "prompt_tokens_details", "cache_write_tokens"))
    call.reasoning_tokens = count(path(usage, "completion_tokens_details", "reasoning_tokens"))


def asked_tool(call: Call, ord_: int, tool: Any, hashes: Hashes) -> list[ToolCall]:
    """Tool that a model asked for: ``{id, function: {name, arguments}}`` or the inner part."""
    function = path(tool, "function") or tool
    name = text(path(function, "name"))
    if name is None:
        return []
    args, valid = arguments(path(function, "arguments"))
    return [
        ToolCall(
            call_id=call.id,
            timestamp=call.timestamp,
            tool=name,
            ord=ord_,
            tool_call_id=text(path(tool, "call_id") or path(tool, "id")),
            args_hash=hashes.personal(args),
            args_valid=valid,
            destinations=destinations(args, hashes),
            given=args,
        )
    ]


def provider(record: Record) -> str | None:
    """Who answered, so far as the answer tells; many servers speak this interface.

    >>> provider({"model": "gpt-4o"}), provider({"model": "llama-3.1-8b-instant", "x_groq": {}})
    ('openai', 'groq')
    """
    if "x_groq" in record:
        return "groq"
    choices = record.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if "prompt_filter_results" in record or path(first, "content_filter_results") is not None:
        return "azure.ai.openai"
    return "openai" if _OPENAI.match(str(record.get("model"))) else None


register(LogFormat(name="openai_chat", recognise=recognise, read=read))
