"""A span of a trace to canonical rows, in whichever of the GenAI vocabularies it speaks.

Four generations of OpenTelemetry's GenAI names and OpenInference's are read; of several spellings
on one span the newest counts. `Span` rows keep the tree of a trace, by which usage that a wrapper
repeats is counted once.

References
----------
OpenTelemetry semantic conventions for generative AI; OpenInference semantic conventions;
OpenLLMetry's conventions for LLM spans.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.content import arguments, length
from monitoring_pipelines.logs.llm.failure import error_class
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.form import form_of_span
from monitoring_pipelines.logs.llm.guardrail import Assessment, describe_guardrail
from monitoring_pipelines.logs.llm.messages import Said, said
from monitoring_pipelines.logs.llm.places import describe_places, destinations, places
from monitoring_pipelines.logs.llm.records import Call, Found, Span, ToolCall
from monitoring_pipelines.logs.llm.retrieval import (
    describe_documents,
    documents_in,
    numbered_documents,
)
from monitoring_pipelines.logs.llm.scores import span_scores
from monitoring_pipelines.logs.llm.values import between, count, decoded, flag, number, text, total

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes

_HEX = re.compile(r"[0-9a-f]+")
Names = tuple[str, ...]

_OPERATION: Names = (
    "gen_ai.operation.name",
    "llm.request.type",
    "openinference.span.kind",
    "traceloop.span.kind",
    "langfuse.observation.type",
)
_MODELS = {
    "chat": "chat",
    "completion": "text_completion",
    "text_completion": "text_completion",
    "generate_content": "generate_content",
    "llm": "chat",
    "generation": "chat",
    "embeddings": "embeddings",
    "embedding": "embeddings",
    "rerank": "rerank",
    "reranker": "rerank",
}
_TOOLS = {"execute_tool", "tool"}
_RETRIEVALS = {"retrieval", "retriever"}
_GUARDRAILS = {"run_guardrail", "guardrail"}
# of several spellings the first that is there counts; the newest stand first
_INPUT: Names = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.promptTokens",
)
_OUTPUT: Names = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.completionTokens",
)
_READ: Names = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
)
_WRITE: Names = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "llm.token_count.prompt_details.cache_write",
)
_REASONING: Names = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
)
_REQUESTED: Names = (
    "gen_ai.request.model",
    "llm.request.model_name",
    "llm.model_name",
    "ai.model.id",
)
_SERVED: Names = ("gen_ai.response.model", "llm.response.model_name", "llm.model_name")
_PROVIDER: Names = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
_FINISH: Names = ("gen_ai.response.finish_reasons", "llm.finish_reason")
_SESSION: Names = (
    "gen_ai.conversation.id",
    "session.id",
    "langfuse.session.id",
    "gcp.vertex.agent.session_id",
    "traceloop.association.properties.session_id",
)
_USER: Names = (
    "user.id",
    "enduser.id",
    "langfuse.user.id",
    "traceloop.association.properties.user_id",
)
_AGENT: Names = ("gen_ai.agent.name", "agent.name")
_TOOL: Names = ("gen_ai.tool.name", "tool.name", "traceloop.entity.name")
_ARGUMENTS: Names = (
    "gen_ai.tool.call.arguments",
    "tool.parameters",
    "input.value",
    "gcp.vertex.agent.tool_call_args",
    "traceloop.entity.input",
)
_RESULT: Names = (
    "gen_ai.tool.call.result",
    "output.value",
    "gcp.vertex.agent.tool_response",
    "traceloop.entity.output",
)
_TEMPLATE_NAME: Names = (
    "gen_ai.prompt.name",
    "langfuse.observation.prompt.name",
    "langfuse.prompt.name",
)
_TEMPLATE_VERSION: Names = (
    "gen_ai.prompt.version",
    "llm.prompt_template.version",
    "langfuse.observation.prompt.version",
    "langfuse.prompt.version",
)
_STREAM: Names = ("gen_ai.request.stream", "llm.is_streaming")
_FINGERPRINT: Names = (
    "openai.response.system_fingerprint",
    "gen_ai.openai.response.system_fingerprint",
    "gen_ai.openai.system_fingerprint",
)
_TIER: Names = ("openai.response.service_tier", "gen_ai.openai.response.service_tier")
_STATUS: Names = ("http.response.status_code", "http.status_code")
_ERRORS: Names = ("error.type", "exception.type")
_BLOCKS = {"block", "blocked", "deny", "denied", "reject"}
_MASKS = {"mask", "masked", "redact", "redacted", "modify", "anonymize", "transform"}
_CLEAR = {"allow", "allowed", "pass", "passed", "safe", "none"}
_MILLISECONDS = 1000


@dataclass(slots=True)
class RawSpan:
    """A span with plain attributes, whatever export it came from; times in microseconds.

    `status` is ``ok``, ``error`` or None. Attributes of its events stand under its own ones, those
    of evaluations by themselves.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    start: int | None
    end: int | None
    status: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    evaluations: list[dict[str, Any]] = field(default_factory=list)

    def first(self, names: tuple[str, ...]) -> Any:
        """Value of the first attribute that is there."""
        for name in names:
            if name in self.attributes:
                return self.attributes[name]
        return None


def hex_id(value: Any) -> str:
    """Give an id in hexadecimal digits; protobuf's own JSON writes it in base64.

    >>> hex_id("QON/QMx9eKU="), hex_id("40E37F40CC7D78A5"), hex_id(None)
    ('40e37f40cc7d78a5', '40e37f40cc7d78a5', '')
    """
    if not isinstance(value, str):
        return ""
    if _HEX.fullmatch(value.lower()):
        return value.lower()
    try:
        return base64.b64decode(value, validate=True).hex() or value
    except binascii.Error:
        return value


def read_span(raw: RawSpan, found: Found, hashes: Hashes) -> None:
    """Add the rows of a span: its place in the trace always; a call or a tool call if it is one."""
    agent = text(raw.first(_AGENT))
    if agent is None and raw.attributes.get("traceloop.span.kind") == "agent":
        agent = text(raw.attributes.get("traceloop.entity.name"))
    place = Span(raw.trace_id, raw.span_id, raw.parent_id, text(raw.first(_SESSION)), agent)
    found.spans.append(place)
    told = [*raw.evaluations, raw.attributes]
    found.scores += span_scores(told, (raw.trace_id, raw.span_id, raw.start), hashes)
    operation = str(raw.first(_OPERATION) or "").lower()
    if operation in _TOOLS or (not operation and "gen_ai.tool.name" in raw.attributes):
        found.tool_calls.append(_tool(raw, place, hashes))
    elif operation in _GUARDRAILS:
        call = _call(raw, place, "guardrail", hashes)
        _describe_verdict(call, raw)
        found.calls.append(call)
    elif operation in _RETRIEVALS:
        call = _call(raw, place, "retrieval", hashes)
        describe_documents(call, _documents(raw), hashes)
        found.calls.append(call)
    elif operation in _MODELS or raw.first(_INPUT) is not None or raw.first(_OUTPUT) is not None:
        _read_call(raw, place, operation, found, hashes)
    elif not operation and "gen_ai.request.model" in raw.attributes:
        _read_call(raw, place, "chat", found, hashes)


def _read_call(raw: RawSpan, place: Span, operation: str, found: Found, hashes: Hashes) -> None:
    call = _call(raw, place, _MODELS.get(operation, operation or "chat"), hashes)
    # an agent's span repeats what the model's spans below it say
    call.is_total = bool(operation) and operation not in _MODELS
    call.model_requested = text(raw.first(_REQUESTED))
    call.model = text(raw.first(_SERVED)) or call.model_requested
    _describe_usage(call, raw)
    attributes = raw.attributes
    spoken = said(attributes)
    call.finish = unified(raw.first(_FINISH)) or unified(spoken.finish) or call.finish
    call.refusal = call.finish == "refusal" if call.finish else None
    call.fingerprint = text(raw.first(_FINGERPRINT))
    call.tier = text(raw.first(_TIER))
    call.streaming = flag(raw.first(_STREAM))
    call.prompt_name = text(raw.first(_TEMPLATE_NAME))
    call.prompt_version = text(raw.first(_TEMPLATE_VERSION))
    seconds = number(attributes.get("gen_ai.response.time_to_first_chunk"))
    if seconds is not None:
        call.ttft_ms = seconds * _MILLISECONDS
    else:
        # written by Strands, in milliseconds
        call.ttft_ms = number(attributes.get("gen_ai.server.time_to_first_token"))
    _describe_content(call, spoken, hashes)
    call.form, call.answer = form_of_span(attributes), spoken.answers
    found.calls.append(call)
    found.tool_calls += _asked(call, spoken, hashes)


def _call(raw: RawSpan, place: Span, operation: str, hashes: Hashes) -> Call:
    status = count(raw.first(_STATUS))
    call = Call(
        id=f"{raw.trace_id}:{raw.span_id}",
        timestamp=raw.start,
        operation=operation,
        provider=_provider(raw.first(_PROVIDER)),
        status=raw.status or "ok",
        http_status=status,
        latency_ms=between(raw.start, raw.end),
        end_user=hashes.personal(text(raw.first(_USER))),
        session_id=place.session_id,
        trace_id=raw.trace_id,
        span_id=raw.span_id,
        parent_id=raw.parent_id,
        agent=place.agent,
        agent_version=text(raw.attributes.get("gen_ai.agent.version")),
    )
    failure = raw.first(_ERRORS)
    if raw.status == "error" or failure is not None:
        call.status, call.finish = "error", "error"
        call.error_class = error_class(failure, status)
    if call.latency_ms is not None and call.latency_ms < 0:
        call.latency_ms = None
        call.note("negative_latency")
    return call


def _describe_usage(call: Call, raw: RawSpan) -> None:
    """Tokens as given; they should include cached ones, and if they cannot, those are added."""
    given = count(raw.first(_INPUT))
    call.output_tokens = count(raw.first(_OUTPUT))
    call.cache_read_tokens = count(raw.first(_READ))
    call.cache_write_tokens = count(raw.first(_WRITE))
    call.reasoning_tokens = count(raw.first(_REASONING))
    cached = total(call.cache_read_tokens, call.cache_write_tokens) or 0
    if given is not None and cached > given:
        given += cached
        call.note("cached_tokens_added")
    call.input_tokens = given


def _describe_content(call: Call, spoken: Said, hashes: Hashes) -> None:
    call.asked = spoken.asked
    call.input_chars = spoken.input_chars
    call.output_chars = spoken.output_chars
    if spoken.output:
        call.output_hash = hashes.personal(spoken.output)
        call.answer_text = spoken.output
    call.tools_offered = len(spoken.tools) or None
    describe_places(call, spoken.given, hashes)
    call.prompt_hash = hashes.template(*(part for part in (spoken.system, spoken.tools) if part))


def _asked(call: Call, spoken: Said, hashes: Hashes) -> list[ToolCall]:
    found: list[ToolCall] = []
    for name, given, id_ in spoken.tools_asked:
        args, valid = arguments(given)
        tool = ToolCall(call.id, call.timestamp, name, ord=len(found), tool_call_id=id_)
        tool.args_hash, tool.args_valid = hashes.personal(args), valid
        tool.destinations = destinations(args, hashes)
        tool.given = None if given is None else args
        tool.trace_id, tool.session_id, tool.agent = call.trace_id, call.session_id, call.agent
        tool.span_id, tool.parent_id = call.span_id, call.parent_id
        found.append(tool)
    call.tools_called = len(found)
    return found


def _tool(raw: RawSpan, place: Span, hashes: Hashes) -> ToolCall:
    name = text(raw.first(_TOOL)) or raw.name.removeprefix("execute_tool ")
    args, valid = arguments(raw.first(_ARGUMENTS))
    failure = raw.first(_ERRORS)
    failed = raw.status == "error" or failure is not None
    result = raw.first(_RESULT)
    value = decoded(result) if isinstance(result, str) else result
    tool = ToolCall(
        call_id=None,
        timestamp=raw.start,
        tool=name,
        executed=True,
        tool_call_id=text(raw.attributes.get("gen_ai.tool.call.id")),
        args_hash=hashes.personal(args),
        args_valid=valid,
        destinations=destinations(args, hashes),
        ok=not (failed or _says_error(value)),
        error_class=error_class(failure) if failed else None,
        latency_ms=between(raw.start, raw.end),
        session_id=place.session_id,
        trace_id=raw.trace_id,
        span_id=raw.span_id,
        parent_id=raw.parent_id,
        agent=place.agent,
    )
    if result is not None:
        tool.result_chars = length(result) if isinstance(result, str) else None
        tool.result_hash = hashes.personal(result)
        tool.result_places = places(result, hashes)
    return tool


def _says_error(result: Any) -> bool:
    """Whether a result says of itself that it is an error, as MCP's do."""
    return isinstance(result, dict) and (
        result.get("isError") is True or result.get("is_error") is True
    )


def _documents(raw: RawSpan) -> list[Any] | None:
    """Documents that a retrieval found; of a span without any, what its output says."""
    told = documents_in(raw.attributes.get("gen_ai.retrieval.documents"))
    if told is None:
        told = numbered_documents(raw.attributes) or None
    return documents_in(raw.attributes.get("output.value")) if told is None else told


def _describe_verdict(call: Call, raw: RawSpan) -> None:
    verdict = str(raw.attributes.get("gen_ai.guardrail.verdict.type", "")).lower()
    action = str(raw.attributes.get("gen_ai.guardrail.action.type", "")).lower()
    did = "blocked" if action in _BLOCKS else "masked" if action in _MASKS else "none"
    category = text(raw.attributes.get("gen_ai.guardrail.security.risk.category")) or "risk"
    seen = [] if verdict in {*_CLEAR, ""} else [Assessment(category, did)]
    describe_guardrail(call, seen, did)


def _provider(value: Any) -> str | None:
    name = text(value)
    return name.lower() if name else None
