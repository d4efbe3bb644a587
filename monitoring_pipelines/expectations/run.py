"""Judge one window by a suite of expectations.

::

    open connection, name of a view  -->  a view of it without NaN  -->  Great Expectations,
    one scan  -->  one `ExpectationResult` for each expectation, without a value of the data
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.expectations import quiet  # noqa: F401 - before Great Expectations

# isort: split
import great_expectations.expectations.core  # noqa: F401 - registers the expectations
from great_expectations.compatibility.pydantic import ValidationError
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation import ColumnAggregateExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.validator import Validator

import monitoring_pipelines.expectations.metrics  # noqa: F401 - registers the metrics
from monitoring_pipelines.errors import suggestion
from monitoring_pipelines.expectations.engine import DuckDBExecutionEngine, identifier
from monitoring_pipelines.expectations.outcome import Measured, judged, undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from monitoring_pipelines.expectations.result import ExpectationResult
    from monitoring_pipelines.expectations.suite import ExpectationSpec, ExpectationSuite

# counts only; the engine would fetch no value even if it were asked for some
_FORMAT = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}
# these are about the columns themselves, so that a missing one is their business
_ABOUT_COLUMNS = frozenset({"expect_column_to_exist"})
_numbers = count(1)


class _QuietValidator(Validator):  # type: ignore[misc] # loosely typed
    """A validator without a context, hence without files, and without progress bars."""

    def _determine_progress_bars(self) -> bool:
        return False


def run_suite(
    connection: duckdb.DuckDBPyConnection, relation: str, suite: ExpectationSuite
) -> tuple[ExpectationResult, ...]:
    """One result for each expectation of `suite` on the table or view called `relation`.

    The data stay where they are: no copy, no pandas, no row leaves DuckDB. NaN is missing, as
    NULL is. The connection is left as it was, open and without anything new in it.
    """
    with _without_nan(connection, relation) as view:
        engine = DuckDBExecutionEngine(connection, view)
        try:
            with warnings.catch_warnings():
                # that a suite was exported by an older release is no news to who runs a window
                warnings.simplefilter("ignore", DeprecationWarning)
                return _run(engine, suite)
        finally:
            engine.close()


def _run(engine: DuckDBExecutionEngine, suite: ExpectationSuite) -> tuple[ExpectationResult, ...]:
    names = [str(column["name"]) for column in engine.column_types()]
    results: dict[int, ExpectationResult] = {}
    configurations: dict[str, ExpectationConfiguration] = {"rows": _row_count()}
    for position, (name, spec) in enumerate(zip(suite.check_names, suite, strict=True)):
        missing = [column for column in spec.columns if column not in names]
        if missing and spec.type not in _ABOUT_COLUMNS:
            reason = f"Column '{missing[0]}' is not in the data. {suggestion(missing[0], names)}"
            results[position] = undecided(name, spec, reason, success=False)
            continue
        try:
            configurations |= _configurations(str(position), spec)
        except (ValidationError, GreatExpectationsError, TypeError, ValueError) as error:
            reason = f"The arguments do not fit: {_first_complaint(error)}"
            results[position] = undecided(name, spec, reason)
    outcomes = _validate(engine, configurations)
    for position, (name, spec) in enumerate(zip(suite.check_names, suite, strict=True)):
        if position not in results:
            measured = Measured.read(outcomes, str(position), names)
            results[position] = judged(name, spec, measured)
    return tuple(results[position] for position in range(len(suite)))


def _configurations(key: str, spec: ExpectationSpec) -> dict[str, ExpectationConfiguration]:
    """The expectation, and for a number of a column also how many values it was computed from.

    That second question costs one count in the common scan.
    """
    found = {key: _configuration(key, spec.type, dict(spec.kwargs))}
    if issubclass(get_expectation_impl(spec.type), ColumnAggregateExpectation):
        same = ("column", "row_condition", "condition_parser")
        domain = {name: spec.kwargs[name] for name in same if name in spec.kwargs}
        filled = f"{key} filled"
        found[filled] = _configuration(filled, "expect_column_values_to_not_be_null", domain)
    return found


def _configuration(key: str, type_: str, kwargs: dict[str, Any]) -> ExpectationConfiguration:
    configuration = ExpectationConfiguration(type=type_, kwargs=kwargs, meta={"key": key})
    configuration.to_domain_obj()  # complains about arguments here, where it hits one alone
    return configuration


def _row_count() -> ExpectationConfiguration:
    return _configuration("rows", "expect_table_row_count_to_be_between", {"min_value": 0})


def _validate(
    engine: DuckDBExecutionEngine, configurations: dict[str, ExpectationConfiguration]
) -> dict[str, Any]:
    """Great Expectations' own results, by the key of the configuration."""
    validator = _QuietValidator(execution_engine=engine)
    outcomes = validator.graph_validate(
        configurations=list(configurations.values()),
        runtime_configuration={"catch_exceptions": True, "result_format": _FORMAT},
    )
    return {outcome.expectation_config.meta["key"]: outcome for outcome in outcomes}


def _first_complaint(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "__root__")
        return f"{where}: {first['msg']}." if where else f"{first['msg']}."
    return f"{error}."


@contextmanager
def _without_nan(connection: duckdb.DuckDBPyConnection, relation: str) -> Iterator[str]:
    """A view of `relation` in which NaN is NULL, for as long as the block runs.

    DuckDB holds NaN for a value above all others; pandas, and people, hold it for a missing one.
    """
    described = connection.execute(f"DESCRIBE {identifier(relation)}").fetchall()
    floats = [identifier(row[0]) for row in described if row[1] in {"FLOAT", "DOUBLE"}]
    cleaned = ", ".join(f"nullif({column}, 'NaN') AS {column}" for column in floats)
    columns = f"* REPLACE ({cleaned})" if floats else "*"
    view = f"monitoring_expectations_{next(_numbers)}"
    connection.execute(
        f"CREATE TEMP VIEW {view} AS SELECT {columns} FROM {identifier(relation)}"  # noqa: S608 - quoted
    )
    try:
        yield view
    finally:
        connection.execute(f"DROP VIEW {view}")
