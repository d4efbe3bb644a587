"""A guardrail's assessments, in every place that records keep them in."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.logs.llm.bedrock_guardrail import describe_assessments
from monitoring_pipelines.logs.llm.records import Call

SECRET = "4111-1111-1111-1111"
MASKED = {
    "sensitiveInformationPolicy": {
        "piiEntities": [{"type": "ADDRESS", "match": SECRET, "action": "ANONYMIZED"}],
        "regexes": [{"name": "Account", "match": SECRET, "action": "ANONYMIZED"}],
    },
    "invocationMetrics": {"guardrailCoverage": {"textCharacters": {"guarded": 41, "total": 82}}},
}
BLOCKED = {"contentPolicy": {"filters": [{"type": "VIOLENCE", "action": "BLOCKED"}]}}
WATCHED = {"contentPolicy": {"filters": [{"type": "INSULTS", "action": "NONE", "detected": True}]}}
LOOKED = {"contentPolicy": {"filters": [{"type": "HATE", "action": "NONE", "detected": False}]}}
TOPIC = {
    "topicPolicy": {"topics": [{"name": "Our secret plans", "type": "DENY", "action": "BLOCKED"}]}
}
GROUNDED = {
    "contextualGroundingPolicy": {
        "filters": [
            {"type": "GROUNDING", "score": 0.31, "threshold": 0.75, "action": "BLOCKED"},
            {"type": "RELEVANCE", "score": 0.9, "threshold": 0.5, "action": "NONE"},
        ]
    }
}


def described(trace: Any, told: str | None = None) -> Call:
    call = Call("1", None)
    describe_assessments(call, trace, told)
    return call


@pytest.mark.parametrize(
    "trace",
    [
        {"inputAssessment": {"id": MASKED}},  # Converse
        {"outputAssessments": {"id": [LOOKED, MASKED]}},
        {"input": {"id": LOOKED}, "outputs": [{"id": MASKED}]},  # InvokeModel
        {"assessments": [MASKED]},  # ApplyGuardrail
        {"inputAssessments": [MASKED], "action": "INTERVENED"},  # agents
    ],
)
def test_an_assessment_is_found_wherever_it_stands(trace: dict[str, Any]) -> None:
    call = described(trace)
    assert (call.guardrail_verdict, call.guardrail_action) == ("detected", "masked")
    assert call.guardrail_categories == "pii_address pii_regex"
    assert call.guardrail_coverage == 0.5


def test_what_was_masked_never_leaves() -> None:
    trace = {"outputAssessments": {"id": [MASKED, TOPIC]}, "modelOutput": [f"it is {SECRET}"]}
    row = repr(described(trace))
    assert SECRET not in row
    assert "secret plans" not in row


def test_blocked_is_stronger_than_masked() -> None:
    assert described({"assessments": [MASKED, BLOCKED]}).guardrail_action == "blocked"


def test_detect_mode_sees_and_does_nothing() -> None:
    call = described({"assessments": [WATCHED]})
    assert (call.guardrail_verdict, call.guardrail_action) == ("detected", "none")
    assert call.guardrail_mode == "detect"


def test_looked_at_and_clear() -> None:
    call = described({"assessments": [LOOKED]}, "NONE")
    assert (call.guardrail_verdict, call.guardrail_action) == ("clear", "none")


def test_an_intervention_without_assessments_is_neither_blocking_nor_masking() -> None:
    assert described(None, "INTERVENED").guardrail_action == "intervened"
    assert (
        described({"actionReason": "Guardrail masked."}, "INTERVENED").guardrail_action == "masked"
    )
    assert described({"actionReason": "Guardrail blocked."}).guardrail_action == "blocked"


def test_the_score_of_groundedness_is_free() -> None:
    call = described({"assessments": [GROUNDED]})
    assert (call.groundedness, call.guardrail_categories) == (0.31, "grounding")


@pytest.mark.parametrize(
    ("trace", "raw"),
    [
        ({"outputAssessments": {"id": [MASKED]}}, True),  # the value of a match
        ({"outputAssessments": {"id": [BLOCKED]}, "modelOutput": ["what it said"]}, True),
        ({"outputAssessments": {"id": [BLOCKED]}, "modelOutput": []}, False),
        ({"outputAssessments": {"id": [LOOKED]}, "modelOutput": ["what all see"]}, False),
        ({"outputAssessments": {"id": [TOPIC]}}, False),
        (None, None),
    ],
)
def test_what_it_hid_stands_in_the_trace(trace: Any, raw: bool | None) -> None:
    assert described(trace, "INTERVENED" if trace is None else None).guardrail_raw is raw


@pytest.mark.parametrize("shown", ["{EMAIL}", "****", "<EMAIL>", "", "xxxx-xxxx"])
def test_a_placeholder_is_no_value(shown: str) -> None:
    one = {"type": "EMAIL", "match": shown, "action": "ANONYMIZED"}
    found = described({"assessments": [{"sensitiveInformationPolicy": {"piiEntities": [one]}}]})
    assert found.guardrail_raw is False
