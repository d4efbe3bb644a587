"""Answers of models on Amazon Bedrock: Converse, each maker's own shape, and streams of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm import openai_chat
from monitoring_pipelines.logs.llm.bedrock_guardrail import describe_assessments
from monitoring_pipelines.logs.llm.content import arguments, describe_answer
from monitoring_pipelines.logs.llm.finish import unified
from monitoring_pipelines.logs.llm.places import destinations
from monitoring_pipelines.logs.llm.records import ToolCall
from monitoring_pipelines.logs.llm.values import count, mapping, number, path, sequence, text, total

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Call, Record

_ACTION = "amazon-bedrock-guardrailAction"
_TRACE = "amazon-bedrock-trace"
_METRICS = "amazon-bedrock-invocationMetrics"
# keys of events that tell of the whole answer, and of its end
_TOTALS = {_ACTION, _TRACE, _METRICS, "message", "usage", "metadata"}
_COUNTS = ("inputTextTokenCount", "prompt_token_count", "generation_token_count")
_ENDS = {"messageStop", "completionReason", "stop_reason", "totalOutputTextTokenCount", *_COUNTS}
# keys of which one is in every answer that is understood here
_KNOWN = {"output", "stop_reason", "content", "results", "generation", "outputs", "generations"}
_KNOWN |= {"choices", "embedding", "embeddings", "embeddingsByType", "stopReason", _ACTION}


def describe_body(call: Call, body: Any, hashes: Hashes) -> list[ToolCall] | None:
    """Fill `call` in from an answer and give the tools it asks for; None if it is not understood.

    Bedrock's and Anthropic's `input` leaves cached tokens out, so they are added here.
    """
    if isinstance(body, list):
        body = gathered(body)
    if not isinstance(body, dict) or not _KNOWN & body.keys():
        return None
    if openai_chat.recognise(body) or isinstance(body.get("choices"), list):
        return _as_chat(call, body, hashes)
    if any(key.startswith("embedding") for key in body):
        call.operation = "embeddings"
    message = mapping(path(body, "output", "message"))
    results = [one for one in sequence(body.get("results")) if isinstance(one, dict)]
    outputs = [
        one
        for one in sequence(body.get("outputs")) + sequence(body.get("generations"))
        if isinstance(one, dict)
    ]
    parts = message.get("content", body.get("content"))
    call.model = text(path(body, "trace", "promptRouter", "invokedModelId")) or call.model
    call.latency_ms = number(path(body, "metrics", "latencyMs")) or call.latency_ms
    reasons = [one.get("completionReason") for one in results]
    reasons += [one.get("stop_reason", one.get("finish_reason")) for one in outputs]
    reasons.append(body.get("stopReason", body.get("stop_reason", body.get("finish_reason"))))
    call.finish = unified(reasons)
    call.refusal = call.finish == "refusal"
    answers = [one.get("outputText") for one in results] + [one.get("text") for one in outputs]
    answers = answers or [body.get("generation"), body.get("text")]
    describe_answer(call, parts if parts is not None else answers, hashes)
    _describe_usage(call, body, results)
    _describe_guardrail(call, body)
    tools = _tools(call, parts, hashes)
    call.tools_called = len(tools)
    return tools


def _describe_usage(call: Call, body: Record, results: list[Record]) -> None:
    usage = mapping(body.get("usage"))
    read = count(usage.get("cacheReadInputTokens", usage.get("cache_read_input_tokens")))
    write = count(usage.get("cacheWriteInputTokens", usage.get("cache_creation_input_tokens")))
    fresh = count(usage.get("inputTokens", usage.get("input_tokens")))
    if fresh is None:
        fresh = count(body.get("inputTextTokenCount", body.get("prompt_token_count")))
    output = count(usage.get("outputTokens", usage.get("output_tokens")))
    if output is None:
        output = count(body.get("generation_token_count"))
    if output is None:
        output = total(*(count(one.get("tokenCount")) for one in results))
    call.cache_read_tokens, call.cache_write_tokens = read, write
    call.input_tokens = None if fresh is None else total(fresh, read, write)
    call.output_tokens = output
    claimed = count(usage.get("totalTokens"))
    if claimed is not None and claimed != total(call.input_tokens, output):
        call.note("total_tokens_differ")


def _describe_guardrail(call: Call, body: Record) -> None:
    trace = path(body, "trace", "guardrail") or path(body, _TRACE, "guardrail")
    told = body.get(_ACTION) or body.get("stopReason")
    if trace is not None or _ACTION in body or call.finish == "guardrail":
        describe_assessments(call, trace, told)


def _tools(call: Call, parts: Any, hashes: Hashes) -> list[ToolCall]:
    found: list[ToolCall] = []
    for part in sequence(parts):
        tool = path(part, "toolUse") or (part if path(part, "type") == "tool_use" else None)
        name = text(path(tool, "name"))
        if name is not None:
            args, valid = arguments(path(tool, "input"))
            found.append(
                ToolCall(
                    call_id=call.id,
                    timestamp=call.timestamp,
                    tool=name,
                    ord=len(found),
                    tool_call_id=text(path(tool, "toolUseId") or path(tool, "id")),
                    args_hash=hashes.personal(args),
                    args_valid=valid,
                    destinations=destinations(args, hashes),
                    given=args,
                )
            )
    return found


def _as_chat(call: Call, body: Record, hashes: Hashes) -> list[ToolCall]:
    """Take over what a body in OpenAI's shape tells; the log's own id and time stay."""
    found = openai_chat.read({"object": "chat.completion", **body}, hashes)
    told = found.calls[0]
    for name in ("finish", "refusal", "input_tokens", "output_tokens", "cache_read_tokens"):
        setattr(call, name, getattr(told, name))
    call.reasoning_tokens, call.output_chars = told.reasoning_tokens, told.output_chars
    call.output_hash, call.tools_called = told.output_hash, told.tools_called
    call.answer, call.answer_text = told.answer, told.answer_text
    _describe_guardrail(call, body)
    for tool in found.tool_calls:
        tool.call_id, tool.timestamp = call.id, call.timestamp
    return found.tool_calls


def gathered(events: list[Any]) -> Record:
    """One answer from the events of a stream, of InvokeModel (by maker) or of Converse.

    Some streams end with the text ``[DONE]``. The action of a guardrail sits on a delta, and the
    reason to stop says nothing of it.
    """
    whole: Record = {"usage": {}, "content": [], "output_text": []}
    blocks: dict[Any, Record] = {}
    for event in events:
        if isinstance(event, dict):
            _gather(whole, blocks, event)
    for block in blocks.values():
        if block.get("pieces"):
            block["input"] = "".join(block["pieces"])
    whole["content"] = [*blocks.values()]
    if whole["output_text"]:
        whole["content"].append({"text": "".join(whole["output_text"])})
    return whole


def _gather(whole: Record, blocks: dict[Any, Record], event: Record) -> None:
    # nearly all events are pieces of text and have none of these
    if not _TOTALS.isdisjoint(event):
        _gather_totals(whole, event)
    if not _ENDS.isdisjoint(event) or path(event, "delta", "stop_reason"):
        _gather_end(whole, event)
    _gather_content(whole, blocks, event)


def _gather_totals(whole: Record, event: Record) -> None:
    for key in (_ACTION, _TRACE):
        # a guardrail that intervened once has intervened
        if key in event and whole.get(key) != "INTERVENED":
            whole[key] = event[key]
    for usage in (path(event, "message", "usage"), event.get("usage")):
        whole["usage"] |= mapping(usage)
    metadata = mapping(event.get("metadata"))
    whole["usage"] |= mapping(metadata.get("usage"))
    whole |= {key: metadata[key] for key in ("metrics", "trace") if key in metadata}
    if _METRICS in event:
        metrics = mapping(event[_METRICS])
        whole["metrics"] = {"latencyMs": metrics.get("invocationLatency")}
        whole["first_byte_ms"] = metrics.get("firstByteLatency")


def _gather_end(whole: Record, event: Record) -> None:
    stop = path(event, "messageStop", "stopReason") or path(event, "delta", "stop_reason")
    for reason in (stop, event.get("completionReason"), event.get("stop_reason")):
        whole["stop_reason"] = reason or whole.get("stop_reason")
    for key in _COUNTS:
        if event.get(key) is not None:
            whole[key] = event[key]
    if event.get("totalOutputTextTokenCount") is not None:
        whole["results"] = [{"tokenCount": event["totalOutputTextTokenCount"]}]


def _gather_content(whole: Record, blocks: dict[Any, Record], event: Record) -> None:
    start = event.get("content_block") or path(event, "contentBlockStart", "start")
    if start and (path(start, "type") == "tool_use" or path(start, "toolUse")):
        tool = mapping(path(start, "toolUse") or start)
        blocks[_index(event)] = {**tool, "type": "tool_use", "pieces": []}
    delta = path(event, "contentBlockDelta", "delta") or event.get("delta")
    delta = delta if isinstance(delta, dict) else {}
    piece = delta.get("partial_json") or path(delta, "toolUse", "input")
    if isinstance(piece, str) and (block := blocks.get(_index(event))):
        block["pieces"].append(piece)
    for said in (delta.get("text"), event.get("outputText"), event.get("generation")):
        if isinstance(said, str):
            whole["output_text"].append(said)


def _index(event: Record) -> Any:
    """Number of the block of content that an event is of."""
    inner = mapping(event.get("contentBlockStart") or event.get("contentBlockDelta")) or event
    return inner.get("index", inner.get("contentBlockIndex"))
