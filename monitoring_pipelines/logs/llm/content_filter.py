"""Results of Azure's content filter: what it saw (verdict) apart from what it did (action)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.guardrail import Assessment, describe_guardrail

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.records import Call, Record


def describe_filter(call: Call, body: Record) -> None:
    """Fill in the guardrail fields from a completion, or from the error of a refused prompt.

    A category counts as seen if it was detected or is of any severity but ``safe``; one that was
    seen and not filtered was only watched (mode ``detect``).
    """
    found = [*_results(body.get("prompt_filter_results")), *_results(body.get("choices"))]
    error = body.get("error")
    if isinstance(error, dict):
        inner = error.get("innererror")
        blocked = inner if isinstance(inner, dict) else error
        result = blocked.get("content_filter_result", blocked.get("content_filter_results"))
        found += [result] if isinstance(result, dict) else []
    if found:
        describe_guardrail(call, [one for result in found for one in _assessments(result)])


def _results(parts: Any) -> list[Record]:
    results = [
        part.get("content_filter_results")
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict)
    ]
    return [result for result in results if isinstance(result, dict)]


def _assessments(result: Record) -> list[Assessment]:
    found = []
    for name, value in result.items():
        # block lists come as an object, or as a list of the lists that were looked at
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict):
                continue
            filtered = bool(one.get("filtered"))
            severity = one.get("severity", "safe")
            if filtered or one.get("detected") or severity != "safe":
                found.append(Assessment(name.replace("-", "_"), "blocked" if filtered else "none"))
    return found
