"""What requests ask for, in the shape that each provider documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitoring_pipelines.logs.llm.form import Form, form_in, form_of, form_of_span

OBJECT = {"type": "object"}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
TEXT = json.dumps(SCHEMA)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ({}, None),
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": "auto"}, None),
        ({"text": {"format": {"type": "text"}, "verbosity": "medium"}}, None),
        ({"response_format": {"type": "json_object"}}, Form(OBJECT)),
        # chat completions keep the schema a level further inside than responses do
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}}},
            Form(SCHEMA),
        ),
        ({"text": {"format": {"type": "json_schema", "schema": SCHEMA}}}, Form(SCHEMA)),
        ({"text": {"format": {"type": "json_object"}}}, Form(OBJECT)),
        # servers of the same interface
        ({"response_format": {"type": "json_object", "schema": SCHEMA}}, Form(SCHEMA)),
        # Anthropic's, and its name while it was new
        ({"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}, Form(SCHEMA)),
        ({"output_config": {"effort": "low"}}, None),
        ({"output_format": {"type": "json_schema", "schema": SCHEMA}}, Form(SCHEMA)),
        # Converse takes the schema as a text
        (
            {
                "outputConfig": {
                    "textFormat": {
                        "type": "json_schema",
                        "structure": {"jsonSchema": {"name": "n", "schema": TEXT}},
                    }
                }
            },
            Form(SCHEMA),
        ),
        # the log has no schema, or not all of it
        ({"response_format": {"type": "json_schema"}}, Form(None)),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": TEXT[:-1]}}},
            Form(None),
        ),
    ],
)
def test_the_form_of_a_text(body: dict[str, Any], form: Form | None) -> None:
    assert form_of(body) == form


@pytest.mark.parametrize(
    "body",
    [
        {
            "tools": [{"type": "function", "function": {"name": "save", "parameters": SCHEMA}}],
            "tool_choice": {"type": "function", "function": {"name": "save"}},
        },
        {
            "tools": [{"type": "function", "name": "save", "parameters": SCHEMA}],
            "tool_choice": {"type": "function", "name": "save"},
        },
        {"functions": [{"name": "save", "parameters": SCHEMA}], "function_call": {"name": "save"}},
        {
            "tools": [
                {"name": "ask", "input_schema": OBJECT},
                {"name": "save", "input_schema": SCHEMA},
            ],
            "tool_choice": {"type": "tool", "name": "save"},
            "response_format": {"type": "json_object"},
        },
        {
            "toolConfig": {
                "tools": [{"toolSpec": {"name": "save", "inputSchema": {"json": SCHEMA}}}],
                "toolChoice": {"tool": {"name": "save"}},
            }
        },
    ],
)
def test_a_tool_that_must_be_called_is_a_form(body: dict[str, Any]) -> None:
    assert form_of(body) == Form(SCHEMA, "save")


def test_a_tool_without_parameters_takes_an_object() -> None:
    tools = [{"type": "function", "function": {"name": "stop"}}]
    chosen = {"type": "function", "function": {"name": "stop"}}
    assert form_of({"tools": tools, "tool_choice": chosen}) == Form(OBJECT, "stop")


@pytest.mark.parametrize(
    "chosen",
    [
        "auto",
        "required",
        {"type": "auto"},
        {"type": "any"},
        {"any": {}},
        {"type": "tool", "name": "another"},
        # whose input is plain text
        {"type": "custom", "name": "save"},
        {"type": "file_search"},
    ],
)
def test_a_free_choice_is_none(chosen: Any) -> None:
    tools = [{"type": "custom", "name": "save"}]
    assert form_of({"tools": tools, "tool_choice": chosen}) is None


@pytest.mark.parametrize(
    ("attributes", "form"),
    [
        ({}, None),
        ({"gen_ai.output.type": "text"}, None),
        ({"gen_ai.output.type": "json"}, Form(OBJECT)),
        ({"gen_ai.request.structured_output_schema": TEXT}, Form(SCHEMA)),
        ({"gen_ai.request.structured_output_schema": '{"type": "json_object"}'}, Form(OBJECT)),
        ({"gen_ai.request.structured_output_schema": '{"type": "text"}'}, None),
        (
            {
                "llm.invocation_parameters": json.dumps(
                    {"response_format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}}}
                ),
                "gen_ai.output.type": "json",
            },
            Form(SCHEMA),
        ),
        (
            {"llm.invocation_parameters": '{"temperature": 0}', "gen_ai.output.type": "json"},
            Form(OBJECT),
        ),
    ],
)
def test_the_form_of_a_span(attributes: dict[str, Any], form: Form | None) -> None:
    assert form_of_span(attributes) == form


@pytest.mark.parametrize(
    ("asked", "is_form"),
    [
        (SCHEMA, True),
        ({"$ref": "#/$defs/a", "$defs": {"a": SCHEMA}}, True),
        ({"type": ["object", "null"], "properties": {}}, True),
        ({"anyOf": [SCHEMA]}, True),
        ({"type": "text"}, False),
        ({"type": "grammar", "grammar": "x"}, False),
        ({}, False),
    ],
)
def test_a_schema_by_itself_is_told_from_another_format(
    asked: dict[str, Any], is_form: bool
) -> None:
    assert form_in(asked) == (Form(asked) if is_form else None)
