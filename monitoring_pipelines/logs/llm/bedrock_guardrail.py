"""Assessments of an Amazon Bedrock guardrail, wherever a record keeps them.

What a guardrail hid stands in its trace (`match`, `modelOutput`) in the clear. Only types and
counts are taken from it, and that it stands there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.guardrail import Assessment, describe_guardrail
from monitoring_pipelines.logs.llm.values import number, path, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.records import Call, Record

_ACTIONS = {"BLOCKED": "blocked", "ANONYMIZED": "masked"}
_DEPTH = 6
# where the entries of a policy stand, and the category of one that names none
_POLICIES = {
    "topicPolicy": {"topics": "topic"},
    "contentPolicy": {"filters": ""},
    "wordPolicy": {"customWords": "word", "managedWordLists": "word"},
    "sensitiveInformationPolicy": {"piiEntities": "pii", "regexes": "pii_regex"},
    "contextualGroundingPolicy": {"filters": ""},
    "automatedReasoningPolicy": {"findings": "automated_reasoning"},
}
_KEYS = {*_POLICIES, "invocationMetrics"}
_PERSONAL = ("piiEntities", "regexes")
# what a service puts in the place of a value: {EMAIL}, ****
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|<[^<>]*>|[*#xX\s-]*")


def describe_assessments(call: Call, trace: Any, told: Any = None) -> None:
    """Fill in the guardrail fields from a guardrail's `trace`.

    `told` is what the record says of the whole: ``INTERVENED``, ``GUARDRAIL_INTERVENED`` or
    ``NONE``. Without any assessment an intervention is neither blocking nor masking: its action is
    ``intervened``. The coverage is the smallest share of characters that was looked at.
    """
    found = list(_assessments(trace))
    seen = [one for assessment in found for one in _seen(assessment)]
    reason = str(path(trace, "actionReason")).lower()
    action = None
    if "INTERVENED" in str(told) or "guardrail_intervened" in str(told):
        action = "intervened"
    for word, name in (("masked", "masked"), ("blocked", "blocked")):
        action = name if word in reason else action
    describe_guardrail(call, seen, action)
    shares = [
        guarded / total
        for assessment in found
        for counts in [path(assessment, "invocationMetrics", "guardrailCoverage", "textCharacters")]
        if (guarded := number(path(counts, "guarded"))) is not None
        and (total := number(path(counts, "total")))
    ]
    call.guardrail_coverage = min(shares, default=None)
    if found or path(trace, "modelOutput"):
        call.guardrail_raw = call.guardrail_action != "none" and _is_raw(trace, found)
    scores = [
        number(one.get("score"))
        for assessment in found
        for one in _entries(assessment, "contextualGroundingPolicy", "filters")
        if one.get("type") == "GROUNDING"
    ]
    call.groundedness = min((score for score in scores if score is not None), default=None)


def _assessments(value: Any, depth: int = 0) -> Iterator[Record]:
    """All assessments below `value`; they stand under ids, in lists, or both."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _assessments(one, depth + 1)
    elif isinstance(value, dict):
        if _KEYS & value.keys():
            yield value
        else:
            for one in value.values():
                yield from _assessments(one, depth + 1)


def _is_raw(trace: Any, found: list[Record]) -> bool:
    """Whether the trace holds the answer that was hidden, or a value that was."""
    return any(sequence(path(trace, "modelOutput"))) or any(
        one.get("action") in _ACTIONS and not _PLACEHOLDER.fullmatch(text(one.get("match")) or "")
        for assessment in found
        for name in _PERSONAL
        for one in _entries(assessment, "sensitiveInformationPolicy", name)
    )


def _seen(assessment: Record) -> Iterator[Assessment]:
    for policy, lists in _POLICIES.items():
        for name, category in lists.items():
            for one in _entries(assessment, policy, name):
                action = _ACTIONS.get(str(one.get("action")), "none")
                if action != "none" or one.get("detected"):
                    yield Assessment(_category(policy, category, one), action)


def _category(policy: str, category: str, entry: Record) -> str:
    # the names of topics and patterns are the customer's own words
    kind = str(entry.get("type", "")) if policy != "topicPolicy" and category != "word" else ""
    if category == "pii" and kind:
        return f"pii_{kind}"
    return category or kind


def _entries(assessment: Record, policy: str, name: str) -> list[Record]:
    found = sequence(path(assessment, policy, name))
    return [one for one in found if isinstance(one, dict)]
