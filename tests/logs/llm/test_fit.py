"""Whether answers fit what was asked for, in every format, and what hostile schemas cost."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.logs.llm.fit import ANSWER_WORK, MAX_ANSWER, NOT_CHECKED, Fits, Work
from monitoring_pipelines.logs.llm.form import Form
from monitoring_pipelines.logs.llm.records import Call, Found, ToolCall
from tests.llm_records import found_in
from tests.logs.llm.test_bedrock_body import CLAUDE, CONVERSE
from tests.logs.llm.test_bedrock_invocation import entry
from tests.logs.llm.test_http_exchange import AZURE, BEDROCK
from tests.logs.llm.test_langfuse import observation, trace
from tests.logs.llm.test_litellm import spend
from tests.logs.llm.test_openai_chat import completion
from tests.logs.llm.test_openai_responses import response
from tests.logs.llm.test_span_rows import ROW

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = {
    "type": "object",
    "properties": {"rating": {"type": "integer"}, "joke": {"type": "string"}},
    "required": ["rating", "joke"],
    "additionalProperties": False,
}
GOOD, BAD = '{"rating": 7, "joke": "x"}', '{"rating": "seven", "joke": "x"}'
CHAT = {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}}
CONFIG = {"format": {"type": "json_schema", "schema": SCHEMA}}
STRUCTURE = {"jsonSchema": {"name": "a", "schema": json.dumps(SCHEMA)}}
TEXT_FORMAT = {"textFormat": {"type": "json_schema", "structure": STRUCTURE}}


def judged(record: dict[str, Any], log_format: str) -> Call:
    """The one call of a record, after its answer was looked at."""
    found = found_in(record, log_format)
    Fits().take(found)
    (call,) = found.calls
    assert (call.form, call.answer) == (None, None)
    assert {tool.given for tool in found.tool_calls} <= {None}
    return call


def chat(text: str | None, finish: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": text, **message}
    return completion(choices=[{"index": 0, "message": said, "finish_reason": finish}])


def exchange(uri: str, request: dict[str, Any], body: Any) -> dict[str, Any]:
    given = {"messages": [{"role": "user", "content": "a joke"}], **request}
    return {"request": {"uri": uri, "body": given}, "response": {"status": 200, "body": body}}


def gateway(text: str) -> dict[str, Any]:
    told = {"BackendRequestBody": json.dumps({"messages": [], **CHAT})}
    told |= {"BackendResponseBody": json.dumps(chat(text)), "ResponseCode": 200}
    return {
        "category": "GatewayLogs",
        "operationName": "x",
        "correlationId": "c-1",
        "properties": {**told, "backendUrl": "https://x/openai/deployments/a/chat/completions"},
    }


def bedrock(request: dict[str, Any], answer: Any, operation: str = "InvokeModel") -> dict[str, Any]:
    output = {"outputBodyJson": answer}
    return entry(operation=operation, input={"inputBodyJson": request}, output=output)


def converse(*content: dict[str, Any]) -> dict[str, Any]:
    return {**CONVERSE, "output": {"message": {"role": "assistant", "content": [*content]}}}


def span(text: str, **attributes: Any) -> dict[str, Any]:
    part = {"type": "text", "content": text}
    thought = {"type": "reasoning", "content": "a thought"}
    messages = [{"role": "assistant", "parts": [thought, part], "finish_reason": "stop"}]
    told = {"gen_ai.output.messages": json.dumps(messages), **attributes}
    return {**ROW, "attributes": {**ROW["attributes"], **told}}  # type: ignore[dict-item]


def inference(text: str) -> dict[str, Any]:
    told = {
        "openinference.span.kind": "LLM",
        "llm.invocation_parameters": json.dumps(CHAT),
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": text,
    }
    return {**ROW, "attributes": told}


def responses(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "annotations": [{"title": "t"}], "text": text}
    message = {"type": "message", "role": "assistant", "content": [part]}
    return response(message, text={"format": {"type": "json_schema", "schema": SCHEMA}})


LOGS: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "OpenAI's chat": ("http_exchange", lambda text: exchange("https://x", CHAT, chat(text))),
    "Azure's": ("http_exchange", lambda text: exchange(AZURE, CHAT, chat(text))),
    "API Management's": ("azure", gateway),
    # a response repeats what was asked for
    "OpenAI's response": ("openai_responses", responses),
    "a batch of them": (
        "openai_batch",
        lambda text: {
            "custom_id": "1",
            "response": {"status_code": 200, "body": responses(text)},
        },
    ),
    "Claude on Bedrock": (
        "bedrock_invocation",
        lambda text: bedrock(
            {"messages": [], "output_config": CONFIG},
            {
                **CLAUDE,
                "content": [{"type": "thinking", "thinking": "?"}, {"type": "text", "text": text}],
            },
        ),
    ),
    "an open model on Bedrock": (
        "bedrock_invocation",
        lambda text: bedrock({"messages": [], **CHAT}, chat(text)),
    ),
    "Converse": (
        "bedrock_invocation",
        lambda text: bedrock(
            {"messages": [], "outputConfig": TEXT_FORMAT},
            converse({"reasoningContent": {"reasoningText": {"text": "?"}}}, {"text": text}),
            "Converse",
        ),
    ),
    "Converse, recorded": (
        "http_exchange",
        lambda text: exchange(BEDROCK, {"outputConfig": TEXT_FORMAT}, converse({"text": text})),
    ),
    "a stream of Bedrock": (
        "bedrock_invocation",
        lambda text: bedrock(
            {"messages": [], "output_config": CONFIG},
            [
                {"type": "content_block_delta", "index": 0, "delta": {"text": text[:9]}},
                {"type": "content_block_delta", "index": 0, "delta": {"text": text[9:]}},
                {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
            ],
            "InvokeModelWithResponseStream",
        ),
    ),
    "LiteLLM": (
        "litellm",
        lambda text: spend(response=json.dumps(chat(text)), proxy_server_request=json.dumps(CHAT)),
    ),
    "OpenLLMetry": (
        "span_rows",
        lambda text: span(text, **{"gen_ai.request.structured_output_schema": json.dumps(SCHEMA)}),
    ),
    "OpenInference": ("span_rows", inference),
    "Langfuse": (
        "langfuse",
        lambda text: trace(
            observation(metadata=CHAT, output=json.dumps({"role": "assistant", "content": text}))
        ),
    ),
    "Langfuse, with a schema by itself": (
        "langfuse",
        lambda text: trace(
            observation(metadata=json.dumps({"response_format": SCHEMA}), output=text)
        ),
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_of_every_log_that_has_the_request(name: str) -> None:
    log_format, record = LOGS[name]
    assert judged(record(GOOD), log_format).output_valid is True
    assert judged(record(BAD), log_format).output_valid is False
    # cut off in its midst
    assert judged(record(GOOD[:-1]), log_format).output_valid is False
    told = judged(record(f"Here it is:\n```json\n{GOOD}\n```"), log_format)
    assert (told.output_valid, told.notes) == (False, None)


def test_an_answer_that_langfuse_keeps_as_values() -> None:
    for output, valid in ((GOOD, True), (BAD, False)):
        one = observation(metadata={"response_format": SCHEMA}, output=json.loads(output))
        assert judged(trace(one), "langfuse").output_valid is valid


def test_a_span_without_a_schema_is_json_or_not() -> None:
    asked = {"gen_ai.output.type": "json"}
    assert judged(span(BAD, **asked), "span_rows").output_valid is True
    assert judged(span("seven", **asked), "span_rows").output_valid is False
    assert judged(span("[7]", **asked), "span_rows").output_valid is False  # an object, it says
    assert judged(span("seven"), "span_rows").output_valid is None


def test_without_a_form_nothing_is_judged() -> None:
    assert judged(exchange("https://x", {}, chat(GOOD)), "http_exchange").output_valid is None
    assert judged(chat(GOOD), "openai_chat").output_valid is None


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        # an answer that was cut is one of no use, whatever there is of it
        (chat(GOOD, "length"), False),
        (chat("", "length"), False),
        (chat(None, "content_filter"), None),
        (chat(GOOD, "content_filter"), None),
        (chat(None, refusal="I can't."), None),
        (chat(""), None),
        (chat(None), None),
        # the answer comes after the tool's
        (chat("Let me look.", "tool_calls", tool_calls=[{"function": {"name": "f"}}]), None),
        # JSON has no such number
        (chat('{"rating": NaN, "joke": "x"}'), False),
        # of two answers both must fit
        (completion(choices=[*chat(GOOD)["choices"], *chat(GOOD)["choices"]]), True),
        (completion(choices=[*chat(GOOD)["choices"], *chat(BAD)["choices"]]), False),
        ({"error": {"code": "rate_limit_exceeded"}}, None),
    ],
)
def test_how_an_answer_ended(body: dict[str, Any], valid: bool | None) -> None:
    assert judged(exchange("https://x", CHAT, body), "http_exchange").output_valid is valid


TOOL = {"type": "function", "function": {"name": "save", "parameters": SCHEMA}}
FORCED = {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "save"}}}
CLAUDES = {
    "tools": [{"name": "save", "input_schema": SCHEMA}],
    "tool_choice": {"type": "tool", "name": "save"},
}


def called(arguments: str, name: str = "save", finish: str = "stop") -> dict[str, Any]:
    return chat(None, finish, tool_calls=[{"function": {"name": name, "arguments": arguments}}])


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        (called(GOOD), True),
        (called(BAD), False),
        (called(GOOD[:-1]), False),
        (called(GOOD, "another"), False),
        (called(GOOD, finish="length"), False),
        (chat("I'd rather tell you:"), False),
        (chat(None, "content_filter"), None),
        # a log without answers
        (chat(None), None),
    ],
)
def test_a_forced_tool(body: dict[str, Any], valid: bool | None) -> None:
    assert judged(exchange("https://x", FORCED, body), "http_exchange").output_valid is valid
    row = spend(response=json.dumps(body), proxy_server_request=json.dumps(FORCED))
    assert judged(row, "litellm").output_valid is valid


@pytest.mark.parametrize(("given", "valid"), [(GOOD, True), (BAD, False)])
def test_a_forced_tool_of_claude(given: str, valid: bool) -> None:
    use = {"type": "tool_use", "id": "1", "name": "save", "input": json.loads(given)}
    body = {**CLAUDE, "content": [use], "stop_reason": "tool_use"}
    assert judged(bedrock(CLAUDES, body), "bedrock_invocation").output_valid is valid


@pytest.mark.parametrize(("given", "valid"), [(GOOD, True), (BAD, False), (None, None)])
def test_a_forced_tool_of_a_span(given: str | None, valid: bool | None) -> None:
    call = "llm.output_messages.0.message.tool_calls.0.tool_call.function"
    told = {
        "openinference.span.kind": "LLM",
        "llm.invocation_parameters": json.dumps(FORCED),
        f"{call}.name": "save",
        # tracers may leave the arguments out
        **({} if given is None else {f"{call}.arguments": given}),
    }
    assert judged({**ROW, "attributes": told}, "span_rows").output_valid is valid


@pytest.mark.parametrize(
    "text",
    [
        "redacted-by-litellm",
        "__REDACTED__",
        f"{GOOD[:9]}... (litellm_truncated skipped 9 chars) ...",
    ],
)
def test_what_a_logger_hid_or_cut_is_not_judged(text: str) -> None:
    for log_format, record in LOGS.values():
        call = judged(record(text), log_format)
        assert (call.output_valid, call.notes) == (None, NOT_CHECKED)
    row = spend(response=json.dumps(called(text)), proxy_server_request=json.dumps(FORCED))
    assert judged(row, "litellm").output_valid is None


def test_a_tool_that_was_run_is_not_what_was_asked_for() -> None:
    call = Call("1", None, finish="stop", form=Form(SCHEMA, "save"))
    run = ToolCall("1", None, "save", executed=True, given=json.loads(GOOD))
    call.answer = "I saved it."
    Fits().take(Found(calls=[call], tool_calls=[run]))
    assert call.output_valid is False


def fit(schema: Any, answer: Any, fits: Fits | None = None) -> Call:
    call = Call("1", None, finish="stop", form=Form(schema))
    call.answer = answer if isinstance(answer, str) else json.dumps(answer)
    (fits or Fits()).take(Found(calls=[call]))
    return call


@pytest.mark.parametrize(
    ("schema", "answer", "valid"),
    [
        ({"$defs": {"a": {"type": "integer"}}, "$ref": "#/$defs/a"}, 1, True),
        ({"$defs": {"a": {"type": "integer"}}, "$ref": "#/$defs/a"}, "x", False),
        # a tree, by a reference to itself
        (
            {"properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}},
            {"next": {"n": 1}},
            True,
        ),
        (
            {"properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}},
            {"next": {"n": ""}},
            False,
        ),
        ({"pattern": "^[A-Z]{2}[0-9]+$"}, "AB12", True),
        ({"pattern": "^[A-Z]{2}[0-9]+$"}, "AB", False),
        ({"pattern": "[A-Z]"}, 7, True),
        # a class that Python's own patterns do not know
        ({"pattern": r"^\p{Greek}+$"}, "λόγος", True),
        ({"propertyNames": {"pattern": "^a"}}, {"b": 1}, False),
        ({"type": "array", "uniqueItems": True}, [1, 2, 1], False),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}, {}, True),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}, [], False),
        # the quotient of these two floats is 1998.9999999999998
        ({"multipleOf": 0.01}, 19.99, True),
        ({"multipleOf": 0.01}, 19.995, False),
        ({"multipleOf": 3}, 9.0, True),
        ({"multipleOf": 3}, 10, False),
        ({"multipleOf": 3}, "ten", True),
        # formats are annotations, by the standard
        ({"format": "email"}, "no address", True),
    ],
)
def test_schemas(schema: Any, answer: Any, valid: bool) -> None:
    call = fit(schema, json.dumps(answer))
    assert (call.output_valid, call.notes) == (valid, None)


LOOP: dict[str, Any] = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
UNUSABLE: dict[str, tuple[Any, Any]] = {
    "no schema in the log": (None, {}),
    "no type": ({"type": "OBJECT"}, {}),
    "a list": ({"properties": []}, {}),
    "a draft of long ago": ({"$schema": "http://json-schema.org/draft-04/schema#"}, {}),
    "another draft inside": (
        {"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}},
        {},
    ),
    "what RE2 does not know": ({"pattern": "(?=a)b"}, "b"),
    "patterns of names": ({"patternProperties": {"a": {}}}, {"a": 1}),
    "and what they leave": (
        {"additionalProperties": False, "patternProperties": {"a": {}}},
        {"a": 1},
    ),
    "what nothing else looked at": ({"unevaluatedProperties": False}, {"a": 1}),
    "no such place": ({"$ref": "#/$defs/none"}, {}),
    "a circle": ({"$ref": "#"}, {}),
    "a number beyond all": ({"multipleOf": 0.5}, int("9" * 400)),
    "2 to the 40th": ({"$defs": {**LOOP, "a40": {"type": "object"}}, "$ref": "#/$defs/a0"}, {}),
    "a long list of objects": ({"uniqueItems": True}, [{"a": n} for n in range(2000)]),
    "a long enumeration": ({"items": {"enum": [*range(2000)]}}, [0] * 2000),
    "a very deep answer": ({}, "[" * 5000 + "]" * 5000),
    "a very long answer": ({"type": "string"}, "x" * MAX_ANSWER),
    "a very large schema": ({"enum": ["x" * 1000] * 600}, {}),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_judged_is_said_and_costs_little(name: str) -> None:
    schema, answer = UNUSABLE[name]
    start = time.process_time()
    call = fit(
        schema, answer if isinstance(answer, str) and answer[0] == "[" else json.dumps(answer)
    )
    assert (call.output_valid, call.notes) == (None, NOT_CHECKED)
    assert time.process_time() - start < 5


def test_a_pattern_of_exponential_time_takes_none() -> None:
    # Python's own would take 2^40 steps
    start = time.process_time()
    assert fit({"pattern": "^(a+)+$"}, json.dumps("a" * 40 + "!")).output_valid is False
    assert time.process_time() - start < 5


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("the network")

    monkeypatch.setattr("socket.socket.connect", refused)
    monkeypatch.setattr("urllib.request.urlopen", refused)
    for schema in (
        {"$ref": "http://127.0.0.1:9/schema.json"},
        {"$id": "http://127.0.0.1:9/a", "$ref": "b#/x"},
        {"$ref": "file:///etc/passwd"},
    ):
        call = fit(schema, "{}")
        assert (call.output_valid, call.notes) == (None, NOT_CHECKED)


def test_a_schema_is_compiled_once_and_schemas_have_a_bound() -> None:
    fits = Fits()
    for _ in range(3):
        assert fit(SCHEMA, GOOD, fits).output_valid is True
    assert len(fits._tests) == 1
    # 300 kB of one, and no room for as much again
    large = [{"enum": [f"{n}{'x' * 300_000}"]} for n in range(2)]
    assert fit(large[0], "{}", fits).output_valid is False
    assert fit(large[1], "{}", fits).notes == NOT_CHECKED
    assert fit(large[0], "{}", fits).output_valid is False
    assert fit(large[1], "{}").output_valid is False


def test_a_job_has_a_bound_too() -> None:
    # each keyword is 1, and what it names, and what the object has: two of each
    one = Work(_job=ANSWER_WORK)
    fits = Fits(work=one)
    assert fit(SCHEMA, GOOD, fits).output_valid is True
    spent = ANSWER_WORK - one._job
    assert spent == (1 + 2) + (1 + 2 + 2) + 2 * 1 + (1 + 2 + 2) + (1 + 2)
    fits = Fits(work=Work(_job=spent))
    assert fit(SCHEMA, GOOD, fits).output_valid is True
    assert fit(SCHEMA, GOOD, fits).notes == NOT_CHECKED
    assert fit({}, GOOD, fits).output_valid is True
