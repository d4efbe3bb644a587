"""Trace events of agents; calls and tools come in two halves."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.errors import RecordError
from tests.llm_records import call_in, found_in


def event(kind: str = "orchestrationTrace", **step: Any) -> dict[str, Any]:
    return {
        "agentId": "A1",
        "agentVersion": "2",
        "sessionId": "s-1",
        "eventTime": "2025-05-21T09:50:23.108815016Z",
        "trace": {kind: step},
    }


def test_the_input_names_the_model_and_the_output_has_the_tokens() -> None:
    given = call_in(
        event(modelInvocationInput={"foundationModel": "m", "text": "abc", "traceId": "t-0"}),
        "bedrock_agent",
    )
    metadata = {
        "startTime": "2025-05-21T09:50:19Z",
        "totalTimeMs": 3624,
        "usage": {"inputTokens": 728, "outputTokens": 165},
    }
    answered = call_in(
        event(modelInvocationOutput={"metadata": metadata, "traceId": "t-0"}), "bedrock_agent"
    )
    assert given.id == answered.id == "t-0"
    assert (given.part, answered.part) == (0, 1)
    assert (given.model, given.input_chars) == ("m", 3)
    assert (answered.input_tokens, answered.output_tokens) == (728, 165)
    assert (answered.latency_ms, answered.timestamp) == (3624.0, 1_747_821_019_000_000)
    assert (given.session_id, given.agent, given.agent_version) == ("s-1", "A1", "2")


def test_who_called_an_agent() -> None:
    arn = "arn:aws:bedrock:us-east-1:1:agent-alias"
    chain = [{"agentAliasArn": f"{arn}/{name}/X"} for name in ("BOSS", "TEAM", "A1")]
    given = {"modelInvocationInput": {"foundationModel": "m", "traceId": "t-0"}}
    called = call_in({**event(**given), "callerChain": chain}, "bedrock_agent")
    assert (called.agent_depth, called.caller) == (3, "TEAM")
    alone = call_in({**event(**given), "callerChain": chain[:1]}, "bedrock_agent")
    assert (alone.agent_depth, alone.caller) == (1, None)
    silent = call_in(event(**given), "bedrock_agent")
    assert (silent.agent_depth, silent.caller) == (None, None)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"actionGroupInvocationInput": {"function": "add", "actionGroupName": "g"}}, "add"),
        ({"actionGroupInvocationInput": {"apiPath": "/add", "actionGroupName": "g"}}, "/add"),
        ({"agentCollaboratorInvocationInput": {"agentCollaboratorName": "Solver"}}, "Solver"),
        (
            {"invocationType": "KNOWLEDGE_BASE", "knowledgeBaseLookupInput": {"text": "?"}},
            "knowledge_base",
        ),
        ({"codeInterpreterInvocationInput": {"code": "1"}}, "code_interpreter"),
    ],
)
def test_a_tool_is_named_by_what_was_invoked(given: dict[str, Any], name: str) -> None:
    (tool,) = found_in(
        event(invocationInput={**given, "traceId": "t-0"}), "bedrock_agent"
    ).tool_calls
    assert (tool.tool, tool.tool_call_id, tool.executed, tool.part) == (name, "t-0", True, 0)


def test_an_observation_is_the_other_half_and_an_event() -> None:
    output = {"text": "30", "metadata": {"totalTimeMs": 340}}
    step = {"type": "ACTION_GROUP", "traceId": "t-0", "actionGroupInvocationOutput": output}
    found = found_in(event(observation=step), "bedrock_agent")
    (tool,) = found.tool_calls
    assert (tool.tool_call_id, tool.part, tool.ok, tool.latency_ms) == ("t-0", 1, True, 340.0)
    assert [one.kind for one in found.events] == ["action_group"]


def test_code_that_failed() -> None:
    output = {"executionError": "NameError", "executionTimeout": False}
    step = {"type": "ACTION_GROUP", "traceId": "t", "codeInterpreterInvocationOutput": output}
    (tool,) = found_in(event(observation=step), "bedrock_agent").tool_calls
    assert (tool.ok, tool.error_class) == (False, "executionError")


@pytest.mark.parametrize("kind", ["FINISH", "REPROMPT", "ASK_USER"])
def test_steps_that_are_events(kind: str) -> None:
    found = found_in(event(observation={"type": kind, "traceId": "t"}), "bedrock_agent")
    assert [one.kind for one in found.events] == [kind.lower()]
    assert found.tool_calls == []


def test_a_failure_keeps_its_code_and_not_its_words() -> None:
    record = event("failureTrace", failureCode=500, failureReason="could not call alice@x.com")
    (one,) = found_in(record, "bedrock_agent").events
    assert (one.kind, "alice" in repr(one)) == ("failure", False)


def test_a_guardrail_by_itself() -> None:
    filters = [{"type": "PROMPT_ATTACK", "confidence": "MEDIUM", "action": "BLOCKED"}]
    record = event(
        "guardrailTrace",
        action="INTERVENED",
        inputAssessments=[{"contentPolicy": {"filters": filters}}],
        metadata={"clientRequestId": "c-1", "totalTimeMs": 274},
        traceId="t-gua",
    )
    call = call_in(record, "bedrock_agent")
    assert (call.id, call.operation, call.latency_ms) == ("c-1", "guardrail", 274.0)
    assert (call.guardrail_action, call.guardrail_categories) == ("blocked", "prompt_attack")


def test_a_recorded_event_and_a_piece_of_the_answer() -> None:
    wrapped = {"event_type": "trace", "payload": event(rationale={"text": "I think"})}
    assert found_in(wrapped, "bedrock_agent").rows() == []
    assert (
        found_in({"event_type": "chunk", "payload": {"text": "55"}}, "bedrock_agent").rows() == []
    )


def test_a_new_kind_of_trace_is_quarantined() -> None:
    with pytest.raises(RecordError, match="unknown kind"):
        found_in(event("newTrace"), "bedrock_agent")
