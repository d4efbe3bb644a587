"""Whether answers have the form that they were asked for, by the schema of the log's own request.

A schema is data like any other, so it must do no harm. Nothing is fetched: a reference leads into
the schema itself, or nowhere. Patterns are matched by RE2, whose time is linear in the text. The
work of one answer, and of all answers of a job, is counted and bounded. What cannot be judged
within this (a pattern that RE2 does not know, such as one that looks ahead; `patternProperties` and
`unevaluated…`; drafts before 6; very large schemas and answers) is not, and `notes` says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitoring_pipelines.logs.llm.form import Form
    from monitoring_pipelines.logs.llm.records import Call, Found

    Test = Callable[[Any], bool]

NOT_CHECKED = "schema_not_checked"
# bytes of all different schemas of a job; each is compiled once, which takes some 20 µs a byte
MAX_SCHEMAS = 1 << 19
MAX_ANSWER = 1 << 20
# keywords that are looked at, and the lengths of what they look at: of an answer, and of a job
ANSWER_WORK, JOB_WORK = 1 << 18, 1 << 25
# a pattern reads so many characters in the time that one keyword takes
_CHARS = 64
_DEPTH = 12
_CUT = {"length", "context_window"}
# what LiteLLM and OpenInference leave of a text that they hide or cut
_MARKS = ("redacted-by-litellm", "(litellm_truncated ", "__REDACTED__")
# another signal tells of these
_OTHER = {"content_filter", "refusal", "guardrail", "malformed_tool", "error"}
_TEXTS = ("text", "content", "parts", "message", "choices")
_SPOKEN = {"text", "output_text", "message", "ai", "assistant"}
_UNKNOWN = {"patternProperties", "unevaluatedProperties", "unevaluatedItems"}
_OLD = {"Draft3Validator", "Draft4Validator"}


@dataclass(slots=True)
class Work:
    """Counts down what an answer and a job may cost; beyond that it raises an OverflowError."""

    _job: int = JOB_WORK
    _answer: int = 0

    def begin(self) -> None:
        """Give the next answer its share."""
        self._answer = min(ANSWER_WORK, self._job)

    def spend(self, cost: int) -> None:
        """Count some work."""
        self._answer -= cost
        self._job -= cost
        if self._answer < 0:
            raise OverflowError("too much work")


@dataclass(slots=True)
class Fits:
    """Fills in `output_valid` of calls; schemas and work are counted from when it was made."""

    work: Work = field(default_factory=Work)
    _tests: dict[bytes, Test | None] = field(default_factory=dict, init=False)
    _drafts: dict[Any, Any] = field(default_factory=dict, init=False)
    _room: int = field(default=MAX_SCHEMAS, init=False)

    def take(self, found: Found) -> None:
        """Judge the calls that were asked for a form, and forget what was asked and answered."""
        for call in found.calls:
            if call.form is not None and (given := _given(call, call.form, found)) is not None:
                self._judge(call, call.form, given)
            call.form = call.answer = None
        for tool in found.tool_calls:
            tool.given = None

    def _judge(self, call: Call, form: Form, given: list[Any]) -> None:
        test = None if form.schema is None else self._test(form.schema)
        if test is None:
            call.note(NOT_CHECKED)
        elif call.finish in _CUT:
            call.output_valid = False
        else:
            fits = [self._fit(test, one) for one in given]
            if None in fits:
                call.note(NOT_CHECKED)
            else:
                call.output_valid = bool(fits) and all(fits)

    def _fit(self, test: Test, given: Any) -> bool | None:
        if isinstance(given, str):
            if len(given) > MAX_ANSWER or any(mark in given for mark in _MARKS):
                return None
            try:
                given = msgspec.json.decode(given)
            except (msgspec.DecodeError, ValueError):
                return False
            except RecursionError:
                return None
        self.work.begin()
        try:
            return test(given)
        except _unusable():
            return None

    def _test(self, schema: Any) -> Test | None:
        """A test of what was decoded; None if the schema cannot be used."""
        try:
            key = msgspec.json.encode(schema)
        except (ValueError, OverflowError, RecursionError):
            return None
        if key not in self._tests:
            if len(key) > self._room:
                return None
            self._room -= len(key)
            self._tests[key] = self._compiled(schema)
        return self._tests[key]

    def _compiled(self, schema: dict[str, Any]) -> Test | None:
        from jsonschema import Draft202012Validator, FormatChecker
        from jsonschema.validators import extend, validator_for
        from referencing import Registry

        try:
            draft = validator_for(schema, default=Draft202012Validator)
            # its own draft further inside would bring rules that nobody counts
            plain = {key: value for key, value in schema.items() if key != "$schema"}
            if draft.__name__ in _OLD or _names_a_draft(plain):
                return None
            # patterns are RE2's, so they need not be Python's
            draft.check_schema(schema, format_checker=FormatChecker(()))
        except _unusable():
            return None
        if draft not in self._drafts:
            rules = draft.VALIDATORS.items()
            counted = {name: _counted(name, rule, self.work) for name, rule in rules}
            self._drafts[draft] = extend(draft, counted)
        test: Test = self._drafts[draft](plain, registry=Registry()).is_valid
        return test


def _given(call: Call, form: Form, found: Found) -> list[Any] | None:
    """What must fit: texts, or the arguments of the tool; None if there is nothing to judge."""
    if call.finish in _OTHER or call.status == "error":
        return None
    if form.tool is not None:
        asked = [one for one in found.tool_calls if one.call_id == call.id and not one.executed]
        given = [one.given for one in asked if one.tool == form.tool]
        is_told = asked or call.answer or call.finish in _CUT
        return given if is_told and None not in given else None
    if call.finish == "tool_calls":  # the answer comes after the tool's
        return None
    texts = [one for one in _texts(call.answer) if one.strip()]
    return texts if texts or call.finish in _CUT else None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of an answer, each by itself, without what a model thought or cites."""
    if isinstance(value, str):
        yield value
    elif depth < _DEPTH and isinstance(value, list):
        for part in value:
            yield from _texts(part, depth + 1)
    elif depth < _DEPTH and isinstance(value, dict):
        kind = value.get("type")
        if kind is None or (isinstance(kind, str) and kind in _SPOKEN):
            said = next((value[key] for key in _TEXTS if value.get(key)), None)
            yield from _texts(said, depth + 1)


def _names_a_draft(value: Any) -> bool:
    if isinstance(value, list):
        return any(_names_a_draft(one) for one in value)
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("$schema"), str) or any(_names_a_draft(v) for v in value.values())


def _counted(name: str, rule: Callable[..., Any], work: Work) -> Callable[..., Any]:
    """A keyword's rule that counts what it costs."""
    own: dict[str, Callable[..., Any]] = {"pattern": _pattern, "multipleOf": _multiple}
    judged = own.get(name, rule)

    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        if name in _UNKNOWN or (name == "additionalProperties" and "patternProperties" in schema):
            raise OverflowError("not looked at")
        size = _size(instance)
        work.spend(1 + _size(value) + (size * size if name == "uniqueItems" else size))
        if name == "pattern" and isinstance(instance, str):
            work.spend(len(instance) // _CHARS)
        return judged(validator, value, instance, schema)

    return counted


def _size(value: Any) -> int:
    return len(value) if isinstance(value, dict | list) else 0


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> list[Any]:
    import pyarrow as pa
    from pyarrow import compute

    if not isinstance(instance, str):
        return []
    return _errors(compute.match_substring_regex(pa.scalar(instance), pattern).as_py())


def _multiple(validator: Any, divisor: float, instance: Any, _: Any) -> list[Any]:
    """In decimal digits, as they are written: 19.99 is 1999 times 0.01."""
    if not validator.is_type(instance, "number"):
        return []
    return _errors(Decimal(repr(instance)) % Decimal(repr(divisor)) == 0)


def _errors(fits: bool) -> list[Any]:  # noqa: FBT001 - its only argument
    from jsonschema import ValidationError

    return [] if fits else [ValidationError("does not fit")]


def _unusable() -> tuple[type[Exception], ...]:
    """What a schema raises that is wrong, leads nowhere, in a circle, or to too much work."""
    from jsonschema.exceptions import SchemaError, UnknownType
    from referencing.exceptions import Unresolvable

    known = (SchemaError, UnknownType, Unresolvable, RecursionError)
    return (*known, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)
