"""Requests with their answers, as a proxy keeps them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from monitoring_pipelines.errors import RecordError
from tests.llm_records import HASHES, call_in, found_in
from tests.logs.llm.test_bedrock_agent import event
from tests.logs.llm.test_bedrock_body import CLAUDE, CONVERSE
from tests.logs.llm.test_eventstream import message
from tests.logs.llm.test_openai_chat import completion

AZURE = "https://x.openai.azure.com/openai/deployments/my%20chat/chat/completions?api-version=1"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse"


def exchange(
    uri: str, body: Any, status: int = 200, headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    given = {"messages": [{"role": "user", "content": "Hi"}], "model": "asked"}
    return {
        "request": {"method": "POST", "uri": uri, "body": given},
        "response": {"status": status, "headers": headers or {}, "body": body},
    }


def test_the_deployment_is_what_was_requested() -> None:
    call = call_in(exchange(AZURE, completion()), "http_exchange")
    assert (call.model_requested, call.model) == ("my chat", "gpt-4o-2024-08-06")
    assert (call.id, call.input_chars, call.http_status) == ("chatcmpl-1", 2, 200)


def test_headers_give_what_the_body_lacks() -> None:
    headers = {
        "x-amzn-RequestId": "r-1",
        "Date": ["Tue, 18 Mar 2025 08:45:42 GMT"],
        "X-Amzn-Bedrock-Invocation-Latency": "7275",
        "X-Amzn-Bedrock-Input-Token-Count": "4",
        "X-Amzn-Bedrock-Output-Token-Count": "50",
        "X-Amzn-Bedrock-Cache-Read-Input-Token-Count": "96",
    }
    body = {"outputs": [{"text": "x", "stop_reason": "stop"}]}
    call = call_in(exchange(BEDROCK, body, headers=headers), "http_exchange")
    assert (call.id, call.timestamp) == ("r-1", 1_742_287_542_000_000)
    assert (call.latency_ms, call.input_tokens, call.output_tokens) == (7275.0, 100, 50)


def test_bodies_of_bedrock() -> None:
    call = call_in(exchange(BEDROCK, CONVERSE), "http_exchange")
    assert (call.model, call.provider) == ("amazon.nova-lite-v1:0", "aws.bedrock")
    assert call.input_tokens == 1104
    assert call_in(exchange(BEDROCK, CLAUDE), "http_exchange").input_tokens == 1104


def test_an_error_has_no_served_model() -> None:
    body = {"error": {"code": "DeploymentNotFound", "message": "x"}}
    call = call_in(exchange(AZURE, body, status=404), "http_exchange")
    assert (call.status, call.error_class, call.model) == ("error", "DeploymentNotFound", None)
    assert (call.http_status, call.provider) == (404, "azure.ai.openai")


def test_an_error_behind_a_status_of_200() -> None:
    body = {"error": {"code": "content_filter", "status": 400}}
    call = call_in(exchange(AZURE, body), "http_exchange")
    assert (call.status, call.http_status, call.finish) == ("error", 400, "content_filter")


def test_an_empty_answer_with_an_errors_status() -> None:
    call = call_in(
        exchange("https://api.openai.com/v1/chat/completions", None, 503), "http_exchange"
    )
    assert (call.status, call.error_class, call.provider) == ("error", "server", "openai")


def test_a_guardrail_by_itself() -> None:
    entity = {"type": "EMAIL", "match": "abc@pqrt.com", "action": "BLOCKED"}
    body = {
        "action": "GUARDRAIL_INTERVENED",
        "assessments": [{"sensitiveInformationPolicy": {"piiEntities": [entity]}}],
    }
    call = call_in(exchange(BEDROCK, body), "http_exchange")
    assert (call.operation, call.guardrail_action) == ("guardrail", "blocked")
    assert "pqrt" not in repr(call)


def test_tools_are_of_the_call_whatever_gave_it_its_id() -> None:
    use = {"toolUseId": "t1", "name": "top_song", "input": {"sign": "XYZ"}}
    body = {"output": {"message": {"content": [{"toolUse": use}]}}, "stopReason": "tool_use"}
    found = found_in(exchange(BEDROCK, body, headers={"x-amzn-requestid": "r-9"}), "http_exchange")
    assert [(tool.call_id, tool.tool) for tool in found.tool_calls] == [("r-9", "top_song")]


def test_an_answer_as_an_event_stream() -> None:
    payload = event(rationale={"text": "x"}, observation={"type": "FINISH", "traceId": "t"})
    stream = message("trace", json.dumps(payload).encode()) + message("chunk", b'{"bytes": ""}')
    body = {"_b64": base64.b64encode(stream).decode()}
    found = found_in(exchange(BEDROCK, body), "http_exchange")
    assert [one.kind for one in found.events] == ["finish"]


@pytest.mark.parametrize("body", [{"new": "shape"}, {"_b64": "!"}, {"_b64": "AAAA"}])
def test_another_shape_is_quarantined(body: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        found_in(exchange(BEDROCK, body), "http_exchange")


def test_who_asked_is_hashed() -> None:
    record = exchange(AZURE, completion())
    record["request"]["body"]["user"] = "alice"
    assert call_in(record, "http_exchange").end_user == HASHES.personal("alice")
