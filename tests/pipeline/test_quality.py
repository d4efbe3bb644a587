"""The data contract: volume, punctuality, schema, undated rows and shares of bad values."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.quality import (
    quality_results,
    undated_result,
    volume_results,
)
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.table import TableSummary
from tests.pipeline.lab import FIRST, Lab, declared

JUDGING = Judging(declared(), "run", "1")
NUMBER = ColumnSummary("x", ColumnKind.NUMERIC, "float", n_rows=1_000, n_missing=10)


def table(column: ColumnSummary = NUMBER, **more: object) -> TableSummary:
    last = FIRST + timedelta(days=3) - timedelta(minutes=1)
    plain = TableSummary(1_000, 0, {"x": column}, (1_000,) * 5, FIRST, last, {"v2": 9, "v1": 1})
    return replace(plain, **more)  # type: ignore[arg-type]


def test_volume_and_schema_of_a_good_window(lab: Lab) -> None:
    found = {r.metric: r for r in volume_results(JUDGING, lab.day(2), table(), table())}
    assert {name: result.verdict.value for name, result in found.items()} == {
        "volume": "ok",
        "staleness": "ok",
        "schema": "ok",
    }
    assert found["volume"].reference_value == 1_000
    assert found["staleness"].value == pytest.approx(1 / 60)
    assert found["volume"].model_version == "v2 (+1)"


def test_a_column_that_is_gone_is_named(lab: Lab) -> None:
    gone = replace(NUMBER, dtype="absent", n_missing=1_000)
    [*_, schema] = volume_results(JUDGING, lab.day(2), table(gone), table())
    assert (schema.verdict, schema.reason) == (
        Verdict.FAIL,
        "1 of 1 columns are gone: 'x'",
    )
    # and is not judged a second time as missing
    assert [r.metric for r in quality_results(JUDGING, lab.day(2), table(gone), table())] == [
        "duplicate_rate"
    ]


@pytest.mark.parametrize(
    ("n", "verdict", "reason"),
    [
        (0, Verdict.OK, "every row of the log has a time"),
        (1, Verdict.WARN, "1 row has no readable time and is in no window"),
        (1_234, Verdict.WARN, "1,234 rows have no readable time and are in no window"),
    ],
)
def test_rows_in_no_window(lab: Lab, n: int, verdict: Verdict, reason: str) -> None:
    result = undated_result(JUDGING, lab.day(2), n)
    assert (result.verdict, result.reason, result.value, result.n) == (verdict, reason, n, n)


def test_shares_are_of_the_rows_and_beside_the_reference(lab: Lab) -> None:
    bad = replace(NUMBER, n_missing=400)
    found = {r.metric: r for r in quality_results(JUDGING, lab.day(2), table(bad), table())}
    missing = found["missing_rate"]
    assert (missing.value, missing.reference_value, missing.n) == (0.4, 0.01, 1_000)
    assert missing.verdict is Verdict.FAIL
    assert missing.low is not None
    assert missing.low < 0.4


def test_without_a_reference_nothing_is_ok(lab: Lab) -> None:
    found = quality_results(JUDGING, lab.day(2), table(), None)
    assert {result.verdict for result in found} == {Verdict.UNKNOWN}
    assert {result.reason for result in found} == {"there is no reference to compare with yet"}


def test_the_length_of_a_repeated_hour_is_an_hour(lab: Lab) -> None:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from monitoring_pipelines.domain.window import Cadence, window_of

    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    window = window_of(first, Cadence.HOUR, ZoneInfo("America/New_York"))
    found = volume_results(JUDGING, window, table(last=first), None)
    assert found[1].verdict is Verdict.OK
    assert found[1].value == pytest.approx(0.5)
