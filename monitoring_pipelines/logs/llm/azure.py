"""Azure's diagnostic logs: Azure OpenAI by itself, and API Management in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm import openai_chat, openai_responses
from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import describe_request, length
from monitoring_pipelines.logs.llm.failure import error_class, failed_call
from monitoring_pipelines.logs.llm.records import Call, Event, Found
from monitoring_pipelines.logs.llm.topic import asked
from monitoring_pipelines.logs.llm.values import (
    count,
    decoded,
    flag,
    instant,
    mapping,
    number,
    sequence,
    text,
)

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_OPERATIONS = {"chatcompletions": "chat", "completions": "text_completion"}
_OPERATIONS |= {"responses": "chat", "embeddings": "embeddings"}
_PATHS = {"/chat/completions": "chat", "/responses": "chat", "/completions": "text_completion"}
_PATHS |= {"/embeddings": "embeddings"}
_BAD = 400
_STATES = {"success": "ok", "succeeded": "ok", "failure": "error", "failed": "error"}


def recognise(record: Record) -> bool:
    """Whether this is a record of a log of Azure, or a row of a table that they end up in."""
    if "category" not in record and "Category" not in record:
        return "PromptTokens" in record and "CorrelationId" in record
    fields = {key.lower() for key in record}
    return "operationname" in fields and not fields.isdisjoint(
        {"properties", "resourceid", "correlationid"}
    )


def read(record: Record, hashes: Hashes) -> Found:
    """A call or an event; the category tells which.

    `properties` is an object in some records and its JSON in others. Names are written in every
    case. There are no tokens in Azure OpenAI's own records; API Management has them, in rows of
    32 kB that carry one correlation id, as the gateway's own record of the request does.
    """
    fields = _fields(record)
    category = _word(fields.get("category")).lower()
    if "prompttokens" in fields or category == "gatewayllmlogs":
        return Found(calls=[_llm_log(fields)])
    if category == "gatewaylogs":
        return _gateway(fields, hashes)
    if category in {"audit", "administrative"}:
        return Found(events=[_event(fields, hashes)])
    if category == "trace":
        return Found()
    if category == "requestresponse":
        return _request(fields, hashes)
    raise RecordError("an Azure diagnostic record of an unknown category")


def _fields(record: Record) -> Record:
    """All fields under lower-case names; the tables add the type (``_s``) to a name."""
    fields = {key.lower(): value for key, value in record.items()}
    inner = mapping(fields.get("properties", fields.get("properties_s")))
    fields |= {key.lower(): value for key, value in inner.items()}
    return fields


def _request(fields: Record, hashes: Hashes) -> Found:
    name = str(fields.get("operationname", ""))
    operation = _OPERATIONS.get(name.split("_", maxsplit=1)[0].lower())
    if operation is None:
        return Found(events=[_event(fields, hashes)])
    model = text(fields.get("modelname"))
    call = _call(fields, operation, hashes)
    call.model_requested = text(fields.get("modeldeploymentname")) or model
    call.model = model
    version = text(fields.get("modelversion"))
    if model and version and version not in model:
        call.model = f"{model}-{version}"
    stream = text(fields.get("streamtype"))
    call.streaming = None if stream is None else stream.lower().startswith("streaming")
    return Found(calls=[call])


def _gateway(fields: Record, hashes: Hashes) -> Found:
    """The request as the gateway saw it. It serves other APIs too: those give nothing."""
    url = str(fields.get("backendurl", fields.get("url", ""))).split("?")[0]
    operation = next((name for end, name in _PATHS.items() if url.endswith(end)), None)
    body = _body(fields, "backendresponsebody", "responsebody")
    found = Found()
    for shape in (openai_chat, openai_responses):
        if shape.recognise(body):
            found = shape.read(body, hashes)
    if operation is None and not found.calls:
        return found
    plain = _call(fields, operation or "chat", hashes)
    if not found.calls:
        error = body.get("error")
        refused = isinstance(error, dict)
        found.calls.append(failed_call(None, None, error, plain.http_status) if refused else plain)
    (call,) = found.calls
    for name in ("id", "operation", "http_status", "status", "latency_ms", "ip", "region", "notes"):
        setattr(call, name, getattr(plain, name))
    call.timestamp = plain.timestamp or call.timestamp
    call.provider = "azure.ai.openai"
    call.principal = hashes.personal(text(fields.get("userid")))
    call.api_key = hashes.personal(text(fields.get("subscriptionid")))
    describe_request(call, _body(fields, "backendrequestbody", "requestbody"), hashes)
    call.part = -1
    for tool in found.tool_calls:
        tool.call_id = call.id
    return found


def _llm_log(fields: Record) -> Call:
    """One row of a request; the first is 0. Tokens may stand on every row: they count once."""
    call = Call(
        id=text(fields.get("correlationid")) or text(fields.get("requestid")) or "",
        timestamp=instant(fields.get("timegenerated", fields.get("time"))),
        provider="azure.ai.openai",
        model_requested=text(fields.get("deploymentname")),
        model=text(fields.get("modelname")),
        streaming=flag(fields.get("isstreamcompletion")),
        region=text(fields.get("region")),
        input_tokens=count(fields.get("prompttokens")),
        output_tokens=count(fields.get("completiontokens")),
        input_chars=_size(fields.get("requestmessages")),
        output_chars=_size(fields.get("responsemessages")),
        part=count(fields.get("sequencenumber")) or 0,
    )
    call.asked = asked(sequence(fields.get("requestmessages")))
    return call


def _size(messages: Any) -> int | None:
    """Characters of messages, or of a piece of their JSON if a row has only that."""
    if not messages:
        return None
    value = decoded(messages) if isinstance(messages, str) else messages
    return length(messages if value is None else value)


def _call(fields: Record, operation: str, hashes: Hashes) -> Call:
    # the status is a text here; the address has its last part masked, or is whole in a gateway
    status = count(fields.get("resultsignature", fields.get("responsecode")))
    latency = number(fields.get("durationms"))
    call = Call(
        id=text(fields.get("correlationid")) or "",
        timestamp=instant(fields.get("time", fields.get("timegenerated"))),
        operation=operation,
        provider="azure.ai.openai",
        http_status=status,
        ip=hashes.personal(text(fields.get("calleripaddress"))),
        principal=hashes.personal(text(fields.get("objectid"))),
        region=text(fields.get("location")),
    )
    if latency is not None and latency < 0:
        call.note("negative_latency")
    else:
        call.latency_ms = latency
    succeeded = flag(fields.get("isrequestsuccess"))
    if status is not None:
        call.status = "error" if status >= _BAD else "ok"
    elif succeeded is not None:
        call.status = "ok" if succeeded else "error"
    if call.status == "error":
        call.error_class = error_class(None, status)
        call.finish = "error"
    return call


def _event(fields: Record, hashes: Hashes) -> Event:
    call = _call(fields, "", hashes)
    # the activity log tells of a change when it begins and when it is done
    told = _word(fields.get("resulttype", fields.get("status", fields.get("activitystatusvalue"))))
    if told:
        call.status = _STATES.get(told.lower(), "started")
    return Event(
        id=call.id,
        timestamp=call.timestamp or instant(fields.get("eventtimestamp")),
        kind=_word(fields.get("operationnamevalue", fields.get("operationname"))) or "unknown",
        actor=call.principal or hashes.personal(text(fields.get("caller"))),
        ip=call.ip,
        status=call.status,
        resource=text(fields.get("resourceid")),
    )


def _word(value: Any) -> str:
    """A text, or the value of ``{value, localizedValue}``, as Azure's own interface has it."""
    return text(value.get("value") if isinstance(value, dict) else value) or ""


def _body(fields: Record, *names: str) -> dict[str, Any]:
    return next((found for name in names if (found := mapping(fields.get(name)))), {})


register(LogFormat(name="azure", recognise=recognise, read=read))
