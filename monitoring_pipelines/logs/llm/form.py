"""The form that a request asks its answer to have: a JSON schema, of the text or of one tool.

References
----------
OpenAI, structured outputs (`response_format`, `text.format`, `tool_choice`); Anthropic, structured
outputs (`output_config.format`, before it `output_format`) and forced tools; Amazon Bedrock,
`outputConfig.textFormat` of Converse; OpenTelemetry's `gen_ai.output.type`; OpenLLMetry's
`gen_ai.request.structured_output_schema`; OpenInference's `llm.invocation_parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.values import decoded, mapping, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.records import Record

_OBJECT = {"type": "object"}
_FORMATS = (
    ("response_format",),
    ("text", "format"),
    ("output_config", "format"),
    ("output_format",),
    ("outputConfig", "textFormat"),
)
# where a format of the type `json_schema` has its schema
_SCHEMAS = (("json_schema", "schema"), ("schema",), ("structure", "jsonSchema", "schema"))
# what tells a schema by itself from a format of another kind, such as ``{"type": "text"}``
_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_KEYWORDS = {"$ref", "properties", "items", "enum", "anyOf", "oneOf", "allOf"}
_SPAN_SCHEMA = "gen_ai.request.structured_output_schema"


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer must be: JSON that fits `schema`, or a call of `tool` whose arguments do.

    A `schema` of None is one that the log does not have, or not as one.
    """

    schema: Any
    tool: str | None = None


def form_of(body: Record) -> Form | None:
    """Give the form that the body of a request asks for; None if it leaves the model free.

    >>> form_of({"response_format": {"type": "json_object"}})
    Form(schema={'type': 'object'}, tool=None)
    """
    chosen = body.get("tool_choice") or path(body, "toolConfig", "toolChoice")
    chosen = chosen or body.get("function_call")
    if isinstance(chosen, dict) and (form := _of_tool(body, chosen)):
        return form
    for keys in _FORMATS:
        if keys[0] in body and isinstance(asked := path(body, *keys), dict):
            return form_in(asked)
    return None


def form_of_span(attributes: Record) -> Form | None:
    """Give the form that the request of a span asks for; without a schema, only that it is JSON."""
    if _SPAN_SCHEMA in attributes:
        return form_in(mapping(attributes[_SPAN_SCHEMA]))
    given = attributes.get("llm.invocation_parameters")
    form = form_of(mapping(given)) if given else None
    if form is None and attributes.get("gen_ai.output.type") == "json":
        return Form(_OBJECT)
    return form


def form_in(asked: Record) -> Form | None:
    """Give the form of a format, or of a schema by itself, as tracers keep it.

    >>> form_in({"type": "json_schema", "schema": {"type": "array"}})
    Form(schema={'type': 'array'}, tool=None)
    >>> form_in({"type": "text"})
    """
    kind = asked.get("type") if isinstance(asked.get("type"), str) else None
    if kind in {"json_schema", "json_object"}:
        found = (path(asked, *keys) for keys in _SCHEMAS)
        schema = next((one for one in found if one is not None), None)
        if schema is None and kind == "json_object":
            return Form(_OBJECT)
        # Bedrock takes the schema as a text
        schema = decoded(schema) if isinstance(schema, str) else schema
        return Form(schema if isinstance(schema, dict) else None)
    return Form(asked) if kind in _TYPES or not _KEYWORDS.isdisjoint(asked) else None


def _of_tool(body: Record, chosen: Record) -> Form | None:
    """Form of a request that leaves the model no choice but one tool."""
    inner = next((chosen[key] for key in ("function", "tool") if key in chosen), chosen)
    name = text(path(inner, "name"))
    if name is None or chosen.get("type") == "custom":  # whose input is plain text
        return None
    tools = sequence(body.get("tools")) or sequence(path(body, "toolConfig", "tools"))
    for tool in tools or sequence(body.get("functions")):
        told = path(tool, "toolSpec") or path(tool, "function") or tool
        if path(told, "name") == name:
            keys = (("parameters",), ("input_schema",), ("inputSchema", "json"))
            found = (path(told, *key) for key in keys)
            schema = next((one for one in found if one is not None), _OBJECT)
            return Form(schema if isinstance(schema, dict) else None, name)
    return None
