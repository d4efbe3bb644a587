"""Azure's diagnostic records, and API Management in front of the models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitoring_pipelines.errors import RecordError
from tests.llm_records import HASHES, call_in, found_in
from tests.logs.llm.test_openai_chat import completion

PROPERTIES = {
    "apiName": "Azure OpenAI API version 2024-02-01",
    "requestLength": 94,
    "responseLength": 1017,
    "objectId": "0000-1111",
    "streamType": "Non-Streaming",
    "modelDeploymentName": "chat-prod",
    "modelName": "gpt-4o",
    "modelVersion": "2024-08-06",
}


def diagnostic(**changes: Any) -> dict[str, Any]:
    return {
        "time": "2025-05-21T09:50:19.4833053Z",
        "resourceId": "/SUBSCRIPTIONS/1/ACCOUNTS/AOAI",
        "category": "RequestResponse",
        "operationName": "ChatCompletions_Create",
        "resultSignature": "200",
        "durationMs": 1234,
        "callerIpAddress": "81.2.69.***",
        "correlationId": "c-1",
        "properties": PROPERTIES,
        **changes,
    }


def test_a_request() -> None:
    call = call_in(diagnostic(), "azure")
    assert (call.id, call.operation, call.provider) == ("c-1", "chat", "azure.ai.openai")
    assert (call.model_requested, call.model) == ("chat-prod", "gpt-4o-2024-08-06")
    assert (call.http_status, call.status, call.latency_ms) == (200, "ok", 1234.0)
    assert call.streaming is False
    assert call.ip == HASHES.personal("81.2.69.***")


def test_there_are_no_tokens_and_none_are_invented() -> None:
    call = call_in(diagnostic(), "azure")
    assert (call.input_tokens, call.output_tokens) == (None, None)


def test_properties_are_an_object_or_its_json() -> None:
    assert call_in(diagnostic(properties=json.dumps(PROPERTIES)), "azure") == call_in(
        diagnostic(), "azure"
    )


def test_a_row_of_the_table_has_other_names() -> None:
    row = {
        "TimeGenerated": "2025-05-21T09:50:19.4833053Z",
        "Category": "RequestResponse",
        "OperationName": "ChatCompletions_Create",
        "ResultSignature": "429",
        "DurationMs": 5,
        "CorrelationId": "c-2",
        "properties_s": json.dumps(PROPERTIES),
    }
    call = call_in(row, "azure")
    assert (call.id, call.http_status, call.error_class) == ("c-2", 429, "rate_limit")
    assert (call.status, call.finish) == ("error", "error")


def test_a_negative_duration_is_noted_and_not_used() -> None:
    call = call_in(diagnostic(durationMs=-7), "azure")
    assert (call.latency_ms, call.notes) == (None, "negative_latency")


def test_what_is_no_call_of_a_model_is_an_event() -> None:
    found = found_in(diagnostic(operationName="Create_Thread"), "azure")
    assert (found.calls, found.events[0].kind) == ([], "Create_Thread")
    audit = found_in(diagnostic(category="Audit", operationName="ListKey"), "azure")
    assert audit.events[0].kind == "ListKey"
    assert audit.events[0].actor == HASHES.personal("0000-1111")
    assert found_in(diagnostic(category="Trace"), "azure").rows() == []


def test_an_unknown_category_is_quarantined() -> None:
    with pytest.raises(RecordError, match="unknown category"):
        found_in(diagnostic(category="AzureOpenAIRequestUsage"), "azure")


def gateway(**changes: Any) -> dict[str, Any]:
    return {
        "time": "2025-05-21T09:50:19Z",
        "category": "GatewayLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLogs",
        "correlationId": "c-1",
        "callerIpAddress": "81.2.69.142",
        "durationMs": 900,
        "isRequestSuccess": True,
        "properties": {
            "responseCode": 200,
            "backendUrl": "https://a.openai.azure.com/openai/deployments/chat/chat/completions?v=1",
            "subscriptionId": "team-a",
            "backendRequestBody": json.dumps({"messages": [{"role": "user", "content": "Hi"}]}),
            "backendResponseBody": json.dumps(completion()),
            **changes,
        },
    }


def test_a_gateways_record_holds_the_whole_answer() -> None:
    call = call_in(gateway(), "azure")
    # the correlation id joins it with the rows of tokens
    assert (call.id, call.part, call.input_tokens) == ("c-1", -1, 1000)
    assert (call.latency_ms, call.http_status, call.input_chars) == (900.0, 200, 2)
    assert call.api_key == HASHES.personal("team-a")


def test_a_gateway_that_keeps_no_bodies_still_tells_of_the_call() -> None:
    call = call_in(gateway(backendResponseBody=None), "azure")
    assert (call.operation, call.input_tokens, call.status) == ("chat", None, "ok")


def test_a_gateways_record_of_a_refused_prompt() -> None:
    error = {"error": {"code": "content_filter", "innererror": {"content_filter_result": {}}}}
    call = call_in(gateway(responseCode=400, backendResponseBody=json.dumps(error)), "azure")
    assert (call.status, call.error_class) == ("error", "content_filter")
    assert call.finish == "content_filter"


def test_a_gateway_serves_other_interfaces_too() -> None:
    record = gateway(backendUrl="https://example.com/orders", backendResponseBody="{}")
    assert found_in(record, "azure").rows() == []


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "TimeGenerated": "2025-05-21T09:50:20Z",
        "CorrelationId": "c-1",
        "SequenceNumber": number,
        "OperationName": "chat",
        "DeploymentName": "chat-prod",
        "ModelName": "gpt-4o",
        "IsStreamCompletion": "false",
        "PromptTokens": 100,
        "CompletionTokens": 20,
        "TotalTokens": 120,
        "RequestMessages": json.dumps([{"role": "user", "content": "x" * 30}]),
        **changes,
    }


def test_rows_of_one_request_are_parts_of_one_call() -> None:
    first, second = (call_in(row(number), "azure") for number in (0, 1))
    assert first.id == second.id == "c-1"
    assert (first.part, second.part) == (0, 1)
    assert (first.input_tokens, first.output_tokens, first.streaming) == (100, 20, False)
    assert first.input_chars == 30


def test_a_row_as_a_diagnostic_record() -> None:
    record = {
        "time": "2025-05-21T09:50:20Z",
        "category": "GatewayLlmLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLlmLogs",
        "correlationId": "c-1",
        "properties": {"sequenceNumber": 0, "promptTokens": 7, "completionTokens": 3},
    }
    assert call_in(record, "azure").input_tokens == 7


FILTER = "MICROSOFT.COGNITIVESERVICES/ACCOUNTS/RAIPOLICIES/WRITE"


@pytest.mark.parametrize(
    ("record", "status"),
    [
        # as diagnostic settings write the activity log
        ({"category": "Administrative", "operationName": FILTER, "resultType": "Success"}, "ok"),
        ({"category": "Administrative", "operationName": FILTER, "resultType": "Start"}, "started"),
        ({"category": "Administrative", "operationName": FILTER, "resultType": "Failure"}, "error"),
        # as Azure's own interface gives it
        (
            {
                "category": {"value": "Administrative", "localizedValue": "Verwaltung"},
                "operationName": {"value": FILTER, "localizedValue": "Filter schreiben"},
                "status": {"value": "Succeeded"},
                "caller": "ana@bank.example",
                "eventTimestamp": "2025-05-21T09:50:19Z",
                "time": None,
            },
            "ok",
        ),
    ],
)
def test_the_activity_log_tells_what_was_changed(record: dict[str, Any], status: str) -> None:
    base = {"time": "2025-05-21T09:50:19Z", "resourceId": "/S/1", "correlationId": "c"}
    (event,) = found_in(base | record, "azure").events
    assert (event.kind, event.status) == (FILTER, status)
    assert event.timestamp == 1_747_821_019_000_000
    assert "ana@" not in repr(event)
