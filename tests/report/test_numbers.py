"""Each metric once, with its newest value; what says nothing comes last."""

from __future__ import annotations

from datetime import UTC

from monitoring_pipelines.alerts.area import Area
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.numbers import findings, numbers
from monitoring_pipelines.report.slots import slots
from tests.report.samples import days, result


def test_newest_value_and_order() -> None:
    results = [result(n, metric="f1", value=n / 10) for n in (2, 0, 1)]
    results += [result(0), result(0, metric="log_loss", verdict=Verdict.WARN)]
    results += [result(0, metric="recall", value=None), result(0, metric="volume")]
    results += [result(0, metric="mix_effect")]
    found = numbers(results, Area.PERFORMANCE, slots(days(3)), UTC, "roc_auc")
    told = [(one.result.metric, one.result.value) for one in found]
    assert told == [("roc_auc", 0.8), ("log_loss", 0.8), ("f1", 0.2), ("recall", None)]
    # a course needs two values
    assert [one.course is not None for one in found] == [False, False, True, False]


def test_findings_are_of_columns_and_not_ok() -> None:
    results = [
        result(metric="missing_rate", column="b", verdict=Verdict.UNKNOWN),
        result(metric="missing_rate", column="a", verdict=Verdict.FAIL),
        result(metric="missing_rate", column="c"),
        result(metric="volume", verdict=Verdict.FAIL),
        result(metric="psi", column="a", verdict=Verdict.WARN),
    ]
    assert [r.column for r in findings(results, Area.DATA)] == ["a", "b"]
