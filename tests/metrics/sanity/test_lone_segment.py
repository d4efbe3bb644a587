"""Categories that come from nothing, as in the census, are told; ordinary change is not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.metrics.sanity.lone_segment import lone_segment
from tests.golden.public_data import columns
from tests.metrics.sanity.columns import levels, numbers, seen

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import Finding
    from monitoring_pipelines.summaries.column import ColumnSummary

N = 5_000  # rows of a chunk in NannyML's tutorial
GROUP_QUARTERS = ["16", "17"]


def test_group_quarters_of_the_census() -> None:
    """The survey's files for 2017 end, and for 2018 begin, with people in group quarters."""
    before = columns("nannyml_employment_ma/reference.parquet")["RELP"].astype(int).astype(str)
    rows = columns("nannyml_employment_ma/analysis.parquet")["RELP"].astype(int).astype(str)
    reference = levels(before)
    chunks = [levels(rows[N * i : N * (i + 1)], of=before) for i in range(42)]
    found: dict[int, Finding] = {}
    for i in range(42):
        earlier = chunks[max(0, i - 3) : i][::-1]
        finding = lone_segment(seen(reference, chunks[i], *earlier), 1e-4)
        if finding:
            found[i] = finding
    assert [*found] == [26, 27, 28]
    assert all([level.name for level in f.levels] == GROUP_QUARTERS for f in found.values())
    for i, finding in found.items():
        share = np.isin(rows[N * i : N * (i + 1)], GROUP_QUARTERS).mean()
        assert finding.value == pytest.approx(share)
        assert finding.reference_value == pytest.approx(np.isin(before, GROUP_QUARTERS).mean())
    assert found[27].said.startswith("100.0% of the rows are of 2 categories")


def mix(*counts: int) -> ColumnSummary:
    values = [name for name, n in zip("abcd", counts, strict=True) for _ in range(n)]
    return levels(values, of="abcd")


USUAL = mix(400, 300, 250, 50)


def test_growth_from_something_is_drift() -> None:
    assert lone_segment(seen(USUAL, mix(100, 100, 100, 700), USUAL), 0.05) is None


def test_what_comes_back_as_it_used_to_be_is_fine() -> None:
    assert lone_segment(seen(USUAL, USUAL, mix(500, 0, 300, 0)), 0.05) is None


def test_any_of_the_windows_before_may_have_been_without_it() -> None:
    now, without = mix(300, 200, 200, 300), mix(400, 300, 300, 0)
    assert lone_segment(seen(USUAL, now, now, without), 0.001) is not None
    assert lone_segment(seen(USUAL, now, now, now), 0.001) is None


def test_few_rows_are_no_evidence() -> None:
    now, without = mix(2, 1, 1, 2), mix(4, 3, 3, 0)
    assert lone_segment(seen(USUAL, now, without), 0.001) is None


@pytest.mark.parametrize("earlier", [(), (mix(0, 0, 0, 0),)])
def test_without_a_window_before(earlier: tuple[ColumnSummary, ...]) -> None:
    assert lone_segment(seen(USUAL, mix(0, 0, 0, 900), *earlier), 0.05) is None


def test_empty_and_numeric_columns() -> None:
    nothing = mix(0, 0, 0, 0)
    assert lone_segment(seen(USUAL, nothing, USUAL), 0.05) is None
    assert lone_segment(seen(nothing, USUAL, USUAL), 0.05) is None
    x = numbers(np.arange(100.0))
    assert lone_segment(seen(x, x, x), 0.05) is None


def test_false_alarms() -> None:
    """Ten rare levels in windows of 20 rows: they come and go, and two rows are ten per cent."""
    rng, draws, alarms = np.random.default_rng(10), 1_000, 0
    names = [f"{i:02}" for i in range(20)]
    p = np.array([0.09] * 10 + [0.01] * 10)
    for _ in range(draws):
        before = rng.choice(names, p=p, size=500)
        now, *earlier = (levels(rng.choice(names, p=p, size=20), of=before) for _ in range(4))
        alarms += lone_segment(seen(levels(before), now, *earlier), 0.05) is not None
    assert alarms / draws <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / draws)
