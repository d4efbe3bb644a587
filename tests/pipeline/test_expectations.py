"""A suite's outcome as results: shares of rows, never values; unknown is never ok."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.expectations.suite import load_suite
from monitoring_pipelines.pipeline.run import Monitor
from tests.pipeline.lab import rows

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from tests.pipeline.lab import Lab

SECRET = "a-value-that-nobody-may-see"
SUITE = [
    {"expect_column_values_to_be_in_set": {"column": "kind", "value_set": ["a", "b", "c"]}},
    {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "amount", "min_value": 0, "max_value": 1000},
        "severity": "warning",
    },
    {"expect_column_values_to_not_be_null": {"column": "gone"}},
]


@pytest.fixture
def found(lab: Lab) -> dict[str, Result]:
    log = rows()
    third = log["at"].dt.day == 3
    log.loc[log.index[third][:10], "kind"] = SECRET  # 10 of the day's 40 rows
    log.loc[log.index[third][:4], "amount"] = -5.0
    lab.write(log)
    return judged(lab, 2)


def judged(lab: Lab, day: int) -> dict[str, Any]:
    suite = load_suite(SUITE, lab.root)
    with Monitor.open(lab.model, lab.store, now=lab.now, run_id="run") as monitor:
        report = monitor.at_once(lab.day(day), {"predictions"}, suite)
    return {r.column: r for r in report.of("predictions") if r.metric.startswith("expectation:")}


def test_a_failed_expectation_gives_its_share(found: dict[str, Result]) -> None:
    kind = found["kind"]
    assert kind.metric == "expectation:expect_column_values_to_be_in_set__kind"
    assert (kind.value, kind.n, kind.verdict) == (0.25, 40, Verdict.FAIL)


def test_a_warning_does_not_fail(found: dict[str, Result]) -> None:
    assert (found["amount"].value, found["amount"].verdict) == (0.1, Verdict.WARN)


def test_a_missing_column_fails(found: dict[str, Result]) -> None:
    assert found["gone"].verdict is Verdict.FAIL
    assert "gone" in found["gone"].reason


def test_no_value_is_stored(lab: Lab, found: dict[str, Result]) -> None:
    assert found
    assert SECRET not in repr(lab.results())


def test_a_window_without_rows_is_unknown(lab: Lab) -> None:
    lab.write(rows())
    assert {r.verdict for r in judged(lab, 30).values()} == {Verdict.UNKNOWN}
