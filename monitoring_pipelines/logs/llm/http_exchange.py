"""A request and its answer as a proxy or a recorder kept them: ``{request, response}``."""

from __future__ import annotations

import base64
import binascii
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm import bedrock_agent, openai_chat, openai_responses
from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.bedrock_body import describe_body
from monitoring_pipelines.logs.llm.bedrock_guardrail import describe_assessments
from monitoring_pipelines.logs.llm.content import describe_request
from monitoring_pipelines.logs.llm.eventstream import messages
from monitoring_pipelines.logs.llm.failure import failed_call
from monitoring_pipelines.logs.llm.records import Call, Found
from monitoring_pipelines.logs.llm.values import count, instant, mapping, number, text, total

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_MODEL = re.compile(r"/(?:model|deployments)/([^/]+)/")
_REQUEST_IDS = ("x-request-id", "apim-request-id", "x-amzn-requestid")
_LATENCIES = ("x-amzn-bedrock-invocation-latency", "openai-processing-ms")
_BAD = 400


def recognise(record: Record) -> bool:
    """Whether both sides of an exchange are here."""
    response = record.get("response")
    return (
        isinstance(record.get("request"), dict)
        and isinstance(response, dict)
        and ("body" in response)
    )


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of the answer, with what the request, the address and the headers add.

    The status of the answer's own error wins over that of the exchange: some gateways answer a
    refusal with 200.
    """
    request, response = record["request"], record["response"]
    body = mapping(response.get("body"))
    headers = {str(k).lower(): _single(v) for k, v in mapping(response.get("headers")).items()}
    address = urlsplit(text(request.get("uri", request.get("url"))) or "")
    status = count(response.get("status", response.get("status_code")))
    found = _read_answer(body, status, address.netloc, hashes)
    model = _MODEL.search(address.path)
    for call in found.calls:
        if call.operation != "guardrail":
            call.model_requested = unquote(model[1]) if model else call.model_requested
            describe_request(call, mapping(request.get("body")), hashes)
            call.model = call.model or (call.model_requested if call.status == "ok" else None)
        _describe_headers(call, headers)
        call.http_status = call.http_status or status
    for tool in found.tool_calls:
        if len(found.calls) == 1:
            tool.call_id, tool.timestamp = found.calls[0].id, found.calls[0].timestamp
    return found


def _read_answer(body: Record, status: int | None, host: str, hashes: Hashes) -> Found:
    if openai_chat.recognise(body):
        return openai_chat.read(body, hashes)
    if openai_responses.recognise(body):
        return openai_responses.read(body, hashes)
    if isinstance(body.get("error"), dict) or (status or 0) >= _BAD:
        error = body.get("error")
        told = count(error.get("status")) if isinstance(error, dict) else None
        call = failed_call(None, None, error, told or status)
        call.provider = _provider(host)
        return Found(calls=[call])
    if "_b64" in body:
        return _read_stream(body["_b64"], hashes)
    call = Call(id=text(body.get("id")) or "", timestamp=None, provider=_provider(host))
    call.status, call.model = "ok", text(body.get("model"))
    if "assessments" in body:
        call.operation = "guardrail"
        describe_assessments(call, body, body.get("action"))
        return Found(calls=[call])
    tools = describe_body(call, body, hashes)
    if tools is None:
        raise RecordError("an exchange whose answer is of no known shape")
    return Found(calls=[call], tool_calls=tools)


def _read_stream(data: Any, hashes: Hashes) -> Found:
    try:
        raw = base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise RecordError("an exchange whose answer is no base64") from None
    found = Found()
    for kind, payload in messages(raw):
        event = {"event_type": kind, "payload": payload}
        if bedrock_agent.recognise(event):
            found.add(bedrock_agent.read(event, hashes))
    return found


def _describe_headers(call: Call, headers: dict[str, Any]) -> None:
    own = next((found for key in _REQUEST_IDS if (found := text(headers.get(key)))), None)
    call.id = call.id or own or ""
    call.timestamp = call.timestamp or _date(headers.get("date"))
    for key in _LATENCIES:
        call.latency_ms = call.latency_ms or number(headers.get(key))
    call.region = call.region or text(headers.get("x-ms-region"))
    fresh = count(headers.get("x-amzn-bedrock-input-token-count"))
    if fresh is not None and call.input_tokens is None:
        call.input_tokens = total(
            fresh,
            count(headers.get("x-amzn-bedrock-cache-read-input-token-count")),
            count(headers.get("x-amzn-bedrock-cache-write-input-token-count")),
        )
        call.output_tokens = count(headers.get("x-amzn-bedrock-output-token-count"))


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _date(value: Any) -> int | None:
    try:
        return instant(parsedate_to_datetime(str(value)).isoformat())
    except ValueError:
        return None


def _provider(host: str) -> str | None:
    if host.startswith("bedrock"):
        return "aws.bedrock"
    known = {".openai.azure.com": "azure.ai.openai", "api.openai.com": "openai"}
    known["api.anthropic.com"] = "anthropic"
    return next((name for end, name in known.items() if host.endswith(end)), None)


register(LogFormat(name="http_exchange", recognise=recognise, read=read))
