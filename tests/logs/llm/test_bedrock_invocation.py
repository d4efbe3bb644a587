"""The model invocation log."""

from __future__ import annotations

from typing import Any

from tests.llm_records import HASHES, call_in, found_in
from tests.logs.llm.test_bedrock_body import CLAUDE, CONVERSE, STREAM

ARN = "arn:aws:sts::111111111111:assumed-role/app/alice"


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "timestamp": "2025-05-15T14:17:22Z",
        "accountId": "111111111111",
        "identity": {"arn": ARN},
        "region": "us-west-2",
        "requestId": "r-1",
        "operation": "Converse",
        "modelId": "us.anthropic.claude-3-5-haiku-20241022-v1:0",
        "input": {"inputContentType": "application/json", "inputBodyJson": {"messages": []}},
        "output": {"outputContentType": "application/json", "outputBodyJson": CONVERSE},
        # some writers put it last
        "schemaVersion": "1.0",
        "schemaType": "ModelInvocationLog",
        **changes,
    }


def test_a_converse() -> None:
    call = call_in(entry(), "bedrock_invocation")
    assert (call.id, call.timestamp) == ("r-1", 1_747_318_642_000_000)
    assert (call.operation, call.streaming, call.provider) == ("chat", False, "aws.bedrock")
    assert (call.input_tokens, call.output_tokens, call.finish) == (1104, 9, "stop")
    assert call.principal == HASHES.personal(ARN)
    assert "alice" not in repr(call)


def test_the_logs_own_counts_win_over_the_bodys() -> None:
    given = {"inputTokenCount": 10, "cacheReadInputTokenCount": 90, "cacheWriteInputTokenCount": 0}
    output = {"outputBodyJson": CLAUDE, "outputTokenCount": 11}
    call = call_in(entry(operation="InvokeModel", input=given, output=output), "bedrock_invocation")
    assert (call.input_tokens, call.cache_read_tokens, call.output_tokens) == (100, 90, 11)


def test_a_log_without_cache_counts_keeps_the_bodys() -> None:
    given = {"inputTokenCount": 4}
    call = call_in(entry(input=given, output={"outputBodyJson": CLAUDE}), "bedrock_invocation")
    assert (call.input_tokens, call.cache_read_tokens) == (1104, 1000)


def test_a_stream_is_a_list_of_events() -> None:
    record = entry(operation="InvokeModelWithResponseStream", output={"outputBodyJson": STREAM})
    found = found_in(record, "bedrock_invocation")
    (call,) = found.calls
    assert (call.streaming, call.ttft_ms, call.latency_ms) == (True, 250.0, 900.0)
    assert (call.finish, call.guardrail_action) == ("stop", "intervened")
    assert [tool.tool for tool in found.tool_calls] == ["weather"]


def test_a_body_in_s3_is_told_as_missing() -> None:
    output = {"outputBodyS3Path": "s3://bucket/data/r-1_output.json.gz", "outputTokenCount": 900}
    call = call_in(entry(output=output), "bedrock_invocation")
    assert (call.notes, call.finish, call.output_tokens) == ("body_in_s3", None, 900)


def test_identity_may_be_missing_and_a_call_may_fail() -> None:
    record = entry(errorCode="ThrottlingException", output={})
    del record["identity"]
    call = call_in(record, "bedrock_invocation")
    assert (call.principal, call.status) == (None, "error")
    assert call.error_class == "ThrottlingException"


def test_a_body_that_nobody_understands_leaves_a_counted_call() -> None:
    call = call_in(entry(output={"outputBodyJson": {"new": 1}}), "bedrock_invocation")
    assert (call.notes, call.input_tokens) == ("body_not_understood", None)


def test_another_operation_is_not_a_chat() -> None:
    assert call_in(entry(operation="ListModels"), "bedrock_invocation").operation == "ListModels"
