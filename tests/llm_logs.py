"""Logs of LLM and agent calls as services write them, for tests of what is made of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def spend(number: int, at: timedelta, **changes: Any) -> dict[str, Any]:
    """A row of LiteLLM's spend logs, some time after the first instant; it took a second."""
    begin = FIRST + at
    return {
        "request_id": f"r-{number}",
        "call_type": "acompletion",
        "spend": 0.001,
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "startTime": begin.isoformat(),
        "endTime": (begin + timedelta(seconds=1)).isoformat(),
        "model": "gpt-4o-2024-08-06",
        "custom_llm_provider": "openai",
        "status": "success",
        "metadata": "{}",
        **changes,
    }


def failed(number: int, at: timedelta, code: int = 429, **changes: Any) -> dict[str, Any]:
    """A call that was answered by an error."""
    error = {"error_code": str(code), "error_class": "RateLimitError"}
    told: dict[str, Any] = {"prompt_tokens": 0, "completion_tokens": 0, "status": "failure"}
    told["metadata"] = json.dumps({"error_information": error})
    return spend(number, at, **{**changes, **told})


def span(
    trace: str, number: int, at: timedelta, parent: int | None = None, **attributes: Any
) -> dict[str, Any]:
    """A span as CloudWatch keeps them, with a duration of one second."""
    begin = int((FIRST + at).timestamp() * 1e9)
    return {
        "traceId": trace,
        "spanId": f"{number:016x}",
        **({} if parent is None else {"parentSpanId": f"{parent:016x}"}),
        "name": "span",
        "startTimeUnixNano": begin,
        "endTimeUnixNano": begin + 1_000_000_000,
        "attributes": attributes,
        "status": {"code": "OK"},
    }


def model_span(
    trace: str, number: int, at: timedelta, parent: int | None = None, **more: Any
) -> dict[str, Any]:
    """A call of a model with 100 and 20 tokens."""
    told = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        **more,
    }
    return span(trace, number, at, parent, **told)


def tool_span(
    trace: str, number: int, at: timedelta, parent: int | None = None, **more: Any
) -> dict[str, Any]:
    """A tool that was run."""
    told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search", **more}
    return span(trace, number, at, parent, **told)


def write(path: Path, records: Iterable[Any]) -> None:
    """One record a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in records)
    path.write_text(text + "\n", encoding="utf-8")
