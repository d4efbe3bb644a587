"""Trace events of Amazon Bedrock Agents: model calls, tools, guardrails and steps of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.bedrock_guardrail import describe_assessments
from monitoring_pipelines.logs.llm.content import length
from monitoring_pipelines.logs.llm.failure import error_class
from monitoring_pipelines.logs.llm.places import describe_places, destinations, places
from monitoring_pipelines.logs.llm.records import Call, Event, Found, ToolCall
from monitoring_pipelines.logs.llm.retrieval import describe_documents, documents_in
from monitoring_pipelines.logs.llm.values import (
    count,
    instant,
    mapping,
    number,
    path,
    sequence,
    text,
)

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_EVENTS = {"trace", "chunk", "returnControl", "files"}
_STEPS = [
    *("orchestrationTrace", "preProcessingTrace", "postProcessingTrace"),
    *("routingClassifierTrace", "customOrchestrationTrace"),
]
# of an invocation: where its input stands, what it is, and which key names the tool
_TOOLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "actionGroupInvocationInput": ("action_group", ("function", "apiPath", "actionGroupName")),
    "agentCollaboratorInvocationInput": ("agent", ("agentCollaboratorName",)),
    "knowledgeBaseLookupInput": ("knowledge_base", ()),
    "codeInterpreterInvocationInput": ("code_interpreter", ()),
}
_OUTPUTS = {
    "actionGroupInvocationOutput": None,
    "agentCollaboratorInvocationOutput": None,
    "knowledgeBaseLookupOutput": None,
    "codeInterpreterInvocationOutput": ("executionError", "executionTimeout"),
}


def recognise(record: Record) -> bool:
    """Whether this is an event of an agent's answer, bare or as ``{event_type, payload}``."""
    if "event_type" in record:
        return record["event_type"] in _EVENTS and isinstance(record.get("payload"), dict)
    trace = record.get("trace")
    return "agentId" in record and isinstance(trace, dict) and "observations" not in record


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of one event.

    A model call is told by two events, its input (which names the model) and its output (which
    has the tokens), and so is a call of a tool: both halves carry the same id and are merged.
    """
    if "event_type" in record:
        if record["event_type"] != "trace":
            return Found()
        record = record["payload"]
    trace = mapping(record.get("trace"))
    found = Found()
    for step in _STEPS:
        if step in trace:
            _read_step(found, mapping(trace[step]), record, hashes)
            return found
    if "guardrailTrace" in trace:
        found.calls.append(_guardrail(trace["guardrailTrace"], record))
    elif "failureTrace" in trace:
        failure = mapping(trace["failureTrace"])
        found.events.append(_event("failure", failure, record))
        found.events[0].status = error_class(str(failure.get("failureCode") or ""))
    else:
        raise RecordError("an agent's trace event of an unknown kind")
    return found


def _read_step(found: Found, step: Record, record: Record, hashes: Hashes) -> None:
    if "modelInvocationInput" in step:
        given = mapping(step["modelInvocationInput"])
        call = _call(given, record, part=0)
        call.model = call.model_requested = text(given.get("foundationModel"))
        call.input_chars = length(given.get("text"))
        asked = mapping(given.get("text"))
        describe_places(call, asked.get("messages"), hashes, asked.get("system"))
        found.calls.append(call)
    if "modelInvocationOutput" in step:
        answered = mapping(step["modelInvocationOutput"])
        metadata = mapping(answered.get("metadata"))
        call = _call(answered, record, part=1)
        call.timestamp = instant(metadata.get("startTime")) or call.timestamp
        call.latency_ms = number(metadata.get("totalTimeMs"))
        call.input_tokens = count(path(metadata, "usage", "inputTokens"))
        call.output_tokens = count(path(metadata, "usage", "outputTokens"))
        found.calls.append(call)
    if "invocationInput" in step:
        found.tool_calls += _tool(mapping(step["invocationInput"]), record, hashes)
    if "observation" in step:
        _read_observation(found, mapping(step["observation"]), record, hashes)


def _read_observation(found: Found, seen: Record, record: Record, hashes: Hashes) -> None:
    kind = str(seen.get("type", "unknown")).lower()
    found.events.append(_event(kind, seen, record))
    if "knowledgeBaseLookupOutput" in seen:
        call = _call(seen, record, part=None)
        call.id = f"{call.id}:retrieval"
        describe_documents(call, documents_in(seen["knowledgeBaseLookupOutput"]), hashes)
        found.calls.append(call)
    for name, errors in _OUTPUTS.items():
        if name in seen:
            output = mapping(seen[name])
            bad = [key for key in errors or () if output.get(key)]
            tool = _tool_part(seen, record, part=1)
            tool.ok = not bad
            tool.error_class = bad[0] if bad else None
            tool.latency_ms = number(path(output, "metadata", "totalTimeMs"))
            result = output.get("text", output.get("output", output.get("executionOutput")))
            tool.result_chars = length(result)
            tool.result_hash = hashes.personal(result)
            tool.result_places = places(result, hashes)
            found.tool_calls.append(tool)


def _tool(given: Record, record: Record, hashes: Hashes) -> list[ToolCall]:
    for name, (plain, keys) in _TOOLS.items():
        if name in given:
            inner = mapping(given[name])
            tool = _tool_part(given, record, part=0)
            tool.tool = next((found for key in keys if (found := text(inner.get(key)))), plain)
            args = (
                inner.get("parameters") or inner.get("requestBody") or inner.get("input") or inner
            )
            tool.args_hash = hashes.personal(args)
            tool.destinations = destinations(_named(args), hashes)
            tool.args_valid = True
            return [tool]
    return []


def _named(args: Any) -> Any:
    """Arguments by their names, of Bedrock's list of ``{name, type, value}``."""
    if isinstance(args, list) and all(isinstance(one, dict) and "name" in one for one in args):
        return {str(one["name"]): one.get("value") for one in args}
    return args


def _tool_part(step: Record, record: Record, part: int) -> ToolCall:
    call = _call(step, record, part)
    return ToolCall(
        call_id=call.id,
        timestamp=call.timestamp,
        tool="",
        executed=True,
        tool_call_id=call.id,
        session_id=call.session_id,
        agent=call.agent,
        part=part,
    )


def _guardrail(value: Any, record: Record) -> Call:
    trace = mapping(value)
    call = _call(trace, record, part=None)
    call.id = text(path(trace, "metadata", "clientRequestId")) or call.id
    call.operation = "guardrail"
    call.latency_ms = number(path(trace, "metadata", "totalTimeMs"))
    describe_assessments(call, trace, trace.get("action"))
    return call


def _call(step: Record, record: Record, part: int | None) -> Call:
    callers = sequence(record.get("callerChain"))
    return Call(
        id=text(step.get("traceId")) or "",
        timestamp=instant(record.get("eventTime")),
        provider="aws.bedrock",
        status="ok",
        session_id=text(record.get("sessionId")),
        agent=text(record.get("collaboratorName")) or text(record.get("agentId")),
        agent_version=text(record.get("agentVersion")),
        agent_depth=len(callers) or None,
        caller=_caller(callers),
        part=part,
    )


def _caller(chain: list[Any]) -> str | None:
    """Id of the agent before the last, of the ARNs of aliases (``agent-alias/<agent>/<alias>``)."""
    arn = text(path(chain[-2], "agentAliasArn")) if len(chain) > 1 else None
    parts = (arn or "").split("/")
    return parts[1] if len(parts) > 1 else arn


def _event(kind: str, step: Record, record: Record) -> Event:
    call = _call(step, record, None)
    return Event(
        id=f"{call.id}:{kind}",
        timestamp=call.timestamp,
        kind=kind,
        actor_kind="agent",
        session_id=call.session_id,
        resource=call.agent,
    )


register(LogFormat(name="bedrock_agent", recognise=recognise, read=read))
