"""Every drift metric of every column, or the reason why there is none; drift never fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.drift import drift_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.table import TableSummary
from tests.pipeline.lab import Lab, declared

JUDGING = Judging(declared(), "run", "1")


def table(*counts: int) -> TableSummary:
    n = sum(counts)
    categories = Categories(tuple("abc"), counts)
    column = ColumnSummary("x", ColumnKind.CATEGORICAL, "text", n, 0, categories=categories)
    return TableSummary(n, 0, {"x": column}, (n,))


def test_a_large_change_warns_and_never_fails(lab: Lab) -> None:
    found = drift_results(JUDGING, lab.day(2), table(10, 10, 9_980), table(9_980, 10, 10))
    wanted = {metric.name for metric in DRIFT.values() if Categories in _kinds(metric)}
    assert {result.metric for result in found} == wanted
    assert Verdict.FAIL not in {result.verdict for result in found}
    by_name = {result.metric: result for result in found}
    assert by_name["l_infinity"].value == pytest.approx(0.997)
    assert by_name["l_infinity"].verdict is Verdict.WARN


def _kinds(metric: object) -> tuple[type, ...]:
    kinds = metric.kinds  # type: ignore[attr-defined]
    return kinds if isinstance(kinds, tuple) else (kinds,)


def test_the_same_again_is_ok(lab: Lab) -> None:
    counts = tuple(int(n) for n in np.array([500, 300, 200]))
    found = drift_results(JUDGING, lab.day(2), table(*counts), table(*counts))
    assert {result.verdict for result in found} == {Verdict.OK}


def test_too_few_rows_are_not_judged(lab: Lab) -> None:
    found = drift_results(JUDGING, lab.day(2), table(0, 0, 50), table(500, 300, 200))
    assert {result.verdict for result in found} == {Verdict.UNKNOWN}


def test_no_reference(lab: Lab) -> None:
    [found] = drift_results(JUDGING, lab.day(2), table(1, 1, 1), None)
    assert (found.metric, found.verdict) == ("drift", Verdict.UNKNOWN)
    assert found.reason == "there is no reference to compare with yet"


def test_a_column_that_is_gone(lab: Lab) -> None:
    gone = table(1, 1, 1)
    absent = replace(gone.columns["x"], dtype="absent", n_missing=3, categories=None)
    found = drift_results(
        JUDGING, lab.day(2), replace(gone, columns={"x": absent}), table(500, 300, 200)
    )
    assert {(result.verdict, result.reason) for result in found} == {
        (Verdict.UNKNOWN, "the column is not in this window")
    }
