"""Every row is in one bin or missing; summaries add up and do not know the order of rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from monitoring_pipelines.backends.duckdb.fit import fit_binning
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.backends.duckdb.table import summarise_table
from monitoring_pipelines.domain.window import Cadence, Window
from monitoring_pipelines.summaries.binning import Binning, ColumnBinning
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from tests.backends.duckdb.engine import log_of, rows_of

START = datetime(2026, 1, 1, tzinfo=UTC)
NUMBER = ColumnBinning(
    "x", ColumnKind.NUMERIC, "float", edges=(0.0, 1.0), coarse=(0,), minimum=-1.0, maximum=2.0
)
LEVELS = ColumnBinning("x", ColumnKind.CATEGORICAL, "text", levels=("", "a", "b"))


def summary(values: Any, binning: ColumnBinning) -> ColumnSummary:
    table = summarise_table(rows_of({binning.name: values}), Binning({binning.name: binning}), None)
    return table.columns[binning.name]


def test_numbers_fall_into_bins_that_are_closed_above() -> None:
    inf, nan = float("inf"), float("nan")
    found = summary([-1.0, 0.0, 0.5, 1.0, 1.5, 9.0, inf, -inf, nan, None], NUMBER)
    assert found.histogram is not None
    assert found.histogram.counts == (2, 2, 2)
    assert (found.n_rows, found.n_missing, found.n_mistyped, found.n_out_of_range) == (10, 4, 0, 1)
    assert found.moments is not None
    values = np.array([-1.0, 0.0, 0.5, 1.0, 1.5, 9.0])
    assert found.moments.mean == pytest.approx(values.mean())
    assert (found.moments.minimum, found.moments.maximum) == (-1.0, 9.0)


EXTREMES = (-1.7976931348623157e308, -1.0, -5e-324, 0.0, 5e-324, 1.0, 1.7976931348623157e308)
numbers = st.sampled_from(EXTREMES)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(numbers, min_size=1),
    st.sets(numbers).map(sorted).map(tuple),
    st.tuples(numbers, numbers).map(sorted),
)
def test_the_range_is_counted_beside_the_bins_wherever_it_lies(
    values: list[float], edges: tuple[float, ...], bounds: list[float]
) -> None:
    low, high = bounds
    column = ColumnBinning("x", ColumnKind.NUMERIC, "float", edges=edges, minimum=low, maximum=high)
    found = summary(values, column)
    assert found.n_out_of_range == sum(not low <= value <= high for value in values)
    places = np.searchsorted(np.array(edges), values, side="left")
    assert found.histogram is not None
    assert found.histogram.counts == tuple(np.bincount(places, minlength=len(edges) + 1))


def test_text_among_numbers_is_mistyped() -> None:
    found = summary(["0.5", "n/a", "", "nan", None], NUMBER)
    assert (found.n_missing, found.n_mistyped) == (2, 2)
    assert found.histogram is not None
    assert found.histogram.counts == (0, 1, 0)


@pytest.mark.parametrize("values", [[[1], [2], None], [START, START, None]])
def test_values_of_another_type_are_mistyped(values: list[Any]) -> None:
    found = summary(values, NUMBER)
    assert (found.n_missing, found.n_mistyped) == (1, 2)


def test_edges_and_values_are_compared_to_the_last_bit() -> None:
    x = np.random.default_rng(3).normal(size=5_000) * 10.0 ** np.arange(-10, 15)[:, None].repeat(
        200, axis=1
    ).reshape(-1)
    rows = rows_of({"x": x})
    binning = fit_binning(rows, ["x"], [], [])
    found = summarise_table(rows, binning, None).columns["x"]
    edges = np.array(binning.columns["x"].edges)
    # bin i is (edge i-1, edge i]
    expected = np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1)
    assert found.histogram is not None
    assert found.histogram.counts == tuple(expected)


def test_levels_are_counted_and_the_rest_is_unseen() -> None:
    found = summary(["a", "a", "", "c", "d", None], LEVELS)
    assert found.categories is not None
    assert (found.categories.counts, found.categories.other) == ((1, 2, 0), 2)
    assert found.n_missing == 1


def test_an_empty_text_that_the_reference_did_not_have_is_unseen() -> None:
    known = ColumnBinning("x", ColumnKind.CATEGORICAL, "text", levels=("a",))
    found = summary(["", "a"], known)
    assert found.categories is not None
    assert (found.categories.counts, found.categories.other) == ((1,), 1)


def test_whole_numbers_keep_their_levels_when_one_is_missing() -> None:
    binning = fit_binning(rows_of({"x": [1, 2, 2]}), ["x"], [], [])
    found = summary([1.0, 2.0, None], binning.columns["x"])
    assert found.categories is not None
    assert (found.categories.counts, found.categories.other, found.n_missing) == ((1, 1), 0, 1)


def test_many_levels_are_counted_with_the_rest() -> None:
    values = [f"level {i:04}" for i in range(1_500)]
    rows = rows_of({"x": values})
    found = summarise_table(rows, fit_binning(rows, ["x"], [], []), None).columns["x"]
    assert found.categories is not None
    assert (found.categories.n, found.categories.other, found.categories.complete) == (
        1_500,
        500,
        False,
    )


HOSTILE = ['a"b', "it's", "x; DROP TABLE log", "100%", "%s", "näme\nzwei", "--", "日本", "x0"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_values_are_inert(name: str) -> None:
    rows = rows_of({name: HOSTILE, "n": [float(i) for i in range(len(HOSTILE))]})
    found = summarise_table(rows, fit_binning(rows, [name, "n"], [], []), name)
    categories = found.columns[name].categories
    assert categories is not None
    assert dict(zip(categories.levels, categories.counts, strict=True)) == dict.fromkeys(HOSTILE, 1)
    assert set(found.versions) == set(HOSTILE)


def test_a_column_that_is_gone_is_absent() -> None:
    found = summarise_table(rows_of({"y": [1]}), Binning({"x": NUMBER}), None).columns["x"]
    assert (found.dtype, found.n_missing) == ("absent", 1)


def test_many_columns_take_several_statements() -> None:
    rows = rows_of({f"c{i}": [float(i), 0.5] for i in range(230)})
    binning = fit_binning(rows, list(rows.log.columns), [], [])
    found = summarise_table(rows, binning, None)
    assert [found.columns[f"c{i}"].moments.maximum for i in (1, 229)] == [1.0, 229.0]  # type: ignore[union-attr]


def mixed(n: int) -> dict[str, Any]:
    rng = np.random.default_rng(n)
    return {
        "at": [START + timedelta(minutes=10 * i) for i in range(n)],
        "x": rng.normal(size=n),
        "k": pa.array(rng.choice(["a", "b", None], size=n)),  # type: ignore[arg-type]
    }


def test_the_order_of_rows_does_not_matter() -> None:
    log = mixed(300)
    order = np.random.default_rng(0).permutation(300)
    shuffled = {name: pa.array(values).take(pa.array(order)) for name, values in log.items()}
    found = []
    for one in (log, shuffled):
        rows = select_rows(log_of(one, time="at"), None, None)
        found.append(summarise_table(rows, fit_binning(rows, ["x", "k"], [], []), "k"))
    a, b = found
    assert (a.first, a.last, a.versions) == (b.first, b.last, b.versions)
    assert a.columns["k"] == b.columns["k"]
    assert a.columns["x"].histogram == b.columns["x"].histogram


def test_a_day_is_the_sum_of_its_hours() -> None:
    log = log_of(mixed(144), time="at")
    rows = select_rows(log, None, None)
    binning = fit_binning(rows, ["x", "k"], [], [])
    hours = [
        summarise_table(select_rows(log, Window(at, at + timedelta(hours=1)), None), binning, "k")
        for at in (START + timedelta(hours=i) for i in range(24))
    ]
    day = summarise_table(rows, binning, "k", (Cadence.HOUR, UTC))
    merged = hours[0]
    for hour in hours[1:]:
        merged = merged + hour
    assert (merged.n_rows, merged.rows_per_window) == (144, day.rows_per_window)
    assert (merged.first, merged.last, merged.versions) == (day.first, day.last, day.versions)
    assert merged.columns["k"] == day.columns["k"]
    assert merged.columns["x"].histogram == day.columns["x"].histogram


def test_the_windows_of_a_period_are_cut_in_their_own_zone() -> None:
    """New York's 1 November 2026 has 25 hours, and its second one o'clock is an hour of its own."""
    zone = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 1, tzinfo=zone).astimezone(UTC)
    at = [start + timedelta(minutes=30 * i) for i in range(2 * 49)]
    rows = select_rows(log_of({"at": at}, time="at"), None, None)
    per_day = summarise_table(rows, Binning({}), None, (Cadence.DAY, zone))
    assert per_day.rows_per_window == (50, 48)
    per_hour = summarise_table(rows, Binning({}), None, (Cadence.HOUR, zone))
    assert per_hour.rows_per_window == (2,) * 49


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_even_spacing_is_seen_in_any_order_of_rows(zone: str) -> None:
    step = timedelta(seconds=17.28)
    order = np.random.default_rng(1).permutation(5_000)
    at = [START.astimezone(ZoneInfo(zone)) + int(i) * step for i in order]
    found = summarise_table(rows_of({"at": at}, time="at"), Binning({}), None)
    assert found.spacing == pytest.approx(17.28)
    assert (found + found).spacing is None


def spacing(seconds: Any) -> float | None:
    at = pa.array(
        [START + timedelta(seconds=float(s)) for s in seconds], pa.timestamp("us", tz="UTC")
    )
    return summarise_table(rows_of({"at": at}, time="at"), Binning({}), None).spacing


def test_other_times_are_not_evenly_spaced() -> None:
    arrivals = np.cumsum(np.random.default_rng(2).exponential(17.28, 500))
    assert spacing(arrivals) is None
    assert spacing([0.0] * 250 + [100.0] * 250) is None  # two moments, at both ends
    assert spacing([*range(100), 50]) is None
    assert spacing([5.0]) is None
    assert spacing([5.0, 5.0]) is None


def test_even_spacing_is_seen_of_times_in_whole_seconds() -> None:
    places = np.arange(5_000) * 17.28
    for rounded in (np.floor(places), np.round(places), np.ceil(places)):
        assert spacing(rounded) == pytest.approx(17.28, abs=1e-3)
    rng = np.random.default_rng(3)
    assert spacing(np.floor(places + rng.uniform(0, 10, 5_000))) is None  # each later by itself
    assert spacing(np.floor(np.cumsum(rng.normal(60.3, 2, 1_000)))) is None  # a loop that sleeps
    assert spacing([]) is None
    assert spacing(range(300)) == pytest.approx(1.0)
