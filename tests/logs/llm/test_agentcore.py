"""AgentCore's runtime and gateway."""

from __future__ import annotations

from tests.llm_records import HASHES, found_in

RUNTIME = {
    "resource_arn": "arn:aws:bedrock-agentcore:us-east-1:1:runtime/agent",
    "event_timestamp": 1747821019000,
    "session_id": "s-1",
    "trace_id": "t-1",
    "request_id": "r-1",
    "operation": "InvokeAgentRuntime",
    "body": {"request_payload": {"prompt": "my card is 4111", "actor_id": "alice"}},
}


def test_an_invocation() -> None:
    (event,) = found_in(RUNTIME, "agentcore").events
    assert (event.id, event.kind, event.resource) == ("r-1", "invocation", "InvokeAgentRuntime")
    assert (event.session_id, event.trace_id) == ("s-1", "t-1")
    assert event.timestamp == 1_747_821_019_000_000
    assert event.actor == HASHES.personal("alice")
    assert "4111" not in repr(event)


def test_a_session_in_the_attributes_and_a_gateway_that_failed() -> None:
    body = {"isError": True, "log": "Tool failed", "id": "g-1"}
    record = {**RUNTIME, "body": body, "attributes": {"session.id": "s-2"}}
    del record["session_id"], record["request_id"]
    (event,) = found_in(record, "agentcore").events
    assert (event.id, event.kind, event.status, event.session_id) == (
        "g-1",
        "gateway",
        "error",
        "s-2",
    )
