"""From what Great Expectations reports to a result with a reason, and without a value."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.expectations.result import ExpectationResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.expectations.suite import ExpectationSpec

# errors of DuckDB that arise before a value was read, so that they speak of names and types only
_BEFORE_READING = ("Binder Error", "Catalog Error", "Parser Error", "Not implemented Error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was counted for one expectation.

    `n` is the number of values judged, `rows` the number of rows. `observed` is as Great
    Expectations gives it, hence possibly a value of the data: it goes no further than `judged`.
    """

    success: bool
    rows: int
    n: int
    unexpected_count: int | None
    observed: object
    failure: str
    columns: Sequence[str]

    @classmethod
    def read(cls, outcomes: Mapping[str, Any], key: str, columns: Sequence[str]) -> Measured:
        """Take the outcome of `key` together with the counts that were asked for beside it."""
        outcome, filled = outcomes[key], outcomes.get(f"{key} filled")
        found = outcome.result or {}
        rows = n = int((outcomes["rows"].result or {}).get("observed_value") or 0)
        if filled is not None:
            rows = int(filled.result.get("element_count") or 0)
            n = rows - int(filled.result.get("unexpected_count") or 0)
        elif "element_count" in found:
            rows = int(found["element_count"] or 0)
            n = rows - int(found.get("missing_count") or 0)
        # of a number of the column, such as its distinct values, a count is not one of rows
        unexpected = found.get("unexpected_count") if filled is None else None
        return cls(
            success=bool(outcome.success),
            rows=rows,
            n=n,
            unexpected_count=None if unexpected is None else int(unexpected),
            observed=found.get("observed_value"),
            failure=_failure(outcome.exception_info or {}),
            columns=columns,
        )

    @property
    def number(self) -> float | None:
        """What was observed, if it is a number."""
        value = self.observed
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | np.number):
            return None
        return float(value) if math.isfinite(value) else None


def undecided(
    name: str, spec: ExpectationSpec, reason: str, *, n: int = 0, success: bool | None = None
) -> ExpectationResult:
    """A result without numbers: unknown, or failed before anything could be counted."""
    return ExpectationResult(
        name=name, type=spec.type, column=", ".join(spec.columns), success=success, n=n,
        severity=spec.severity, reason=reason,
    )  # fmt: skip


def judged(name: str, spec: ExpectationSpec, measured: Measured) -> ExpectationResult:
    """The result of an expectation that was asked."""
    if measured.failure:
        return undecided(name, spec, _explained(spec, measured.failure), n=measured.n)
    nothing = _nothing_to_judge(spec, measured)
    if nothing:
        return undecided(name, spec, nothing)
    share = None
    if measured.unexpected_count is not None and measured.n:
        share = measured.unexpected_count / measured.n
    return ExpectationResult(
        name=name,
        type=spec.type,
        column=", ".join(spec.columns),
        success=measured.success,
        unexpected_share=share,
        unexpected_count=measured.unexpected_count,
        n=measured.n,
        observed_value=measured.number,
        severity=spec.severity,
        reason=_reason(spec, measured, share),
    )


def _nothing_to_judge(spec: ExpectationSpec, measured: Measured) -> str:
    """Why nothing can be said: Great Expectations lets an empty table pass."""
    about_values = measured.unexpected_count is not None or (
        spec.columns and not spec.type.endswith(("_exist", "_of_type", "_in_type_list"))
    )
    if not about_values:
        return ""
    if measured.rows == 0:
        return "No row to judge."
    if measured.n == 0 and measured.number is None:
        return f"No value to judge in {_named(spec)}: all {measured.rows:,} are missing."
    return ""


def _reason(spec: ExpectationSpec, measured: Measured, share: float | None) -> str:
    if share is not None:
        mostly = float(spec.kwargs.get("mostly", 1))
        allowed = f"; at most {1 - mostly:.4g} may" if mostly < 1 else ""
        return (
            f"{measured.unexpected_count:,} of {measured.n:,} values of {_named(spec)} "
            f"do not meet it, a share of {share:.4g}{allowed}."
        )
    if measured.number is not None:
        return f"Observed {measured.number:.6g}, expected {_bounds(spec.kwargs)}."
    if spec.type.startswith("expect_table_columns"):
        return _columns_compared(spec, measured.columns)
    if spec.type.endswith(("_of_type", "_in_type_list")):
        wanted = spec.kwargs.get("type_") or spec.kwargs.get("type_list")
        return f"{_named(spec)} is of type {measured.observed}, expected {wanted}."
    if spec.type == "expect_column_to_exist":
        return f"Column {_named(spec)} is {'' if measured.success else 'not '}in the data."
    verdict = "meets" if measured.success else "does not meet"
    return f"What was observed in {_named(spec)} {verdict} the expectation."


def _named(spec: ExpectationSpec) -> str:
    return ", ".join(f"'{column}'" for column in spec.columns) or "the window"


def _bounds(kwargs: Mapping[str, Any]) -> str:
    if kwargs.get("value") is not None:
        return f"{kwargs['value']}"
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None:
        return "any number" if high is None else f"at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"


def _columns_compared(spec: ExpectationSpec, columns: Sequence[str]) -> str:
    wanted = list(spec.kwargs.get("column_set") or spec.kwargs.get("column_list") or ())
    missing = [name for name in wanted if name not in columns]
    extra = [name for name in columns if name not in wanted]
    if not missing and not extra:
        same_order = wanted == list(columns)
        return f"The columns are the expected ones{'' if same_order else ', in another order'}."
    parts = [("missing", missing), ("not expected", extra)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names) + "."


def _failure(info: Mapping[str, Any]) -> str:
    """The message of an exception; Great Expectations nests it by metric, or not."""
    if "exception_message" in info:
        return str(info["exception_message"] or "")
    messages = (_failure(value) for value in info.values() if hasattr(value, "get"))
    return next((message for message in messages if message), "")


def _explained(spec: ExpectationSpec, message: str) -> str:
    """One sentence for an exception, without what it may quote from the data."""
    line = message.strip().partition("\n")[0]
    database = re.match(r"\(\w*duckdb[\w.]*\)\s*(([\w ]+ Error):.*)", line)
    if database:
        whole, kind = database.groups()
        told = whole.rstrip(".") if kind in _BEFORE_READING else kind
        hint = " DuckDB's regular expressions know no look-around." if "regex" in spec.type else ""
        return f"DuckDB could not compute it for {_named(spec)}: {told}.{hint}"
    if line.startswith("No provider found"):
        return f"Great Expectations has no SQL for {spec.type}."
    told = re.sub(r"'[^']*'|\"[^\"]*\"", "…", line).rstrip(".")
    return f"It could not be computed for {_named(spec)}: {told}."
