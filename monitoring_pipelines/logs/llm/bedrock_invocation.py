"""Amazon Bedrock's model invocation log, from S3 or CloudWatch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.bedrock_body import describe_body, gathered
from monitoring_pipelines.logs.llm.content import describe_request
from monitoring_pipelines.logs.llm.failure import error_class
from monitoring_pipelines.logs.llm.records import Call, Found
from monitoring_pipelines.logs.llm.values import count, instant, mapping, number, path, text, total

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_OPERATIONS = {"InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"}
_STREAMS = {"InvokeModelWithResponseStream", "ConverseStream"}


def recognise(record: Record) -> bool:
    """Whether this is an entry of the invocation log; `schemaType` may be its last key."""
    return record.get("schemaType") == "ModelInvocationLog"


def read(record: Record, hashes: Hashes) -> Found:
    """One call, and the tools that the model asked for.

    The log's own token counts are taken before those of the body, since not every maker's body
    has them. They leave out what was cached, which is added. A body above 100 kB lies in S3 and
    the record holds its path: the call is there, its finish reason is not, and `notes` says
    ``body_in_s3``. A body that nobody understands is noted too; the call still counts.
    """
    given, answered = mapping(record.get("input")), mapping(record.get("output"))
    operation = text(record.get("operation"))
    model = text(record.get("modelId"))
    call = Call(
        id=text(record.get("requestId")) or "",
        timestamp=instant(record.get("timestamp")),
        operation="chat" if operation in _OPERATIONS else operation or "unknown",
        provider="aws.bedrock",
        model_requested=model,
        model=model,
        status="ok",
        principal=hashes.personal(text(path(record, "identity", "arn"))),
        region=text(record.get("inferenceRegion")) or text(record.get("region")),
    )
    call.streaming = operation in _STREAMS if operation in _OPERATIONS else None
    body = answered.get("outputBodyJson")
    if isinstance(body, list):
        body = gathered(body)
        call.ttft_ms = number(body.get("first_byte_ms"))
    tools = describe_body(call, body, hashes)
    if tools is None and body:
        call.note("body_not_understood")
    if "inputBodyS3Path" in given or "outputBodyS3Path" in answered:
        call.note("body_in_s3")
    describe_request(call, mapping(given.get("inputBodyJson")), hashes)
    call.model_requested = model
    _describe_counts(call, given, answered)
    if text(record.get("errorCode")):
        call.status, call.finish = "error", "error"
        call.error_class = error_class(record.get("errorCode"))
    return Found(calls=[call], tool_calls=tools or [])


def _describe_counts(call: Call, given: Record, answered: Record) -> None:
    fresh = count(given.get("inputTokenCount"))
    if fresh is not None:
        read = count(given.get("cacheReadInputTokenCount"))
        write = count(given.get("cacheWriteInputTokenCount"))
        call.cache_read_tokens = call.cache_read_tokens if read is None else read
        call.cache_write_tokens = call.cache_write_tokens if write is None else write
        call.input_tokens = total(fresh, call.cache_read_tokens, call.cache_write_tokens)
    output = count(answered.get("outputTokenCount"))
    call.output_tokens = call.output_tokens if output is None else output


register(LogFormat(name="bedrock_invocation", recognise=recognise, read=read))
