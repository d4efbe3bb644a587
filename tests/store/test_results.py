from __future__ import annotations

import math
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sqlalchemy as sa

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.store import results, schema
from tests.store.samples import AS_OF, MODEL, day, result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.store.database import Store


def replace(store: Store, rows: Sequence[Result], **changes: Any) -> None:
    fields = {"model": MODEL, "window": day(1), "metrics": {"psi"}, "as_of": AS_OF, **changes}
    with store.write() as connection:
        results.replace(connection, rows, **fields)


def read(store: Store, **filters: Any) -> list[Result]:
    with store.read() as connection:
        return results.read(connection, **filters)


def test_a_result_comes_back_as_it_was_stored(store: Store) -> None:
    bare = Result(
        model=MODEL,
        window=day(1),
        metric="psi",
        as_of=AS_OF,
        value=None,
        n=0,
        verdict=result().verdict,
        reason="",
        status=result().status,
    )
    replace(store, [result(), bare])
    assert read(store) == [bare, result()]


def test_storing_again_changes_nothing(store: Store) -> None:
    rows = [result(column=f"c{i}") for i in range(20)]
    replace(store, rows)
    before = read(store)
    replace(store, rows)
    assert read(store) == before
    assert len(before) == 20


def test_a_column_or_segment_that_is_no_longer_computed_leaves_nothing_behind(
    store: Store,
) -> None:
    replace(store, [result(column="a"), result(column="b"), result(column="a", segment="x=1")])
    replace(store, [result(column="a", value=0.3)])
    assert [(r.column, r.value) for r in read(store)] == [("a", 0.3)]


def test_nothing_else_is_replaced(store: Store) -> None:
    later = AS_OF + timedelta(hours=1)
    others = [
        ({"model": "other"}, {"model": "other"}),
        ({"window": day(2)}, {"window": day(2)}),
        ({"metric": "recall"}, {"metrics": {"recall"}}),
        ({"as_of": later}, {"as_of": later}),
    ]
    for fields, target in others:
        replace(store, [result(**fields)], **target)
    replace(store, [result()])
    replace(store, [])
    assert len(read(store, latest=False)) == 4


def test_a_window_of_the_same_start_and_another_length_is_another_window(store: Store) -> None:
    week = Window(day(1).start, day(8).start)
    replace(store, [result(window=week)], window=week)
    replace(store, [result()])
    assert [r.window for r in read(store)] == [day(1), week]


def test_latest_gives_the_newest_as_of_per_number_and_history_gives_all(store: Store) -> None:
    later = AS_OF + timedelta(days=5)
    replace(store, [result(column="a", value=1.0), result(column="b", value=2.0)])
    replace(store, [result(column="a", value=3.0, as_of=later)], as_of=later)
    assert [(r.column, r.value) for r in read(store)] == [("a", 3.0), ("b", 2.0)]
    history = read(store, latest=False)
    assert [(r.column, r.value) for r in history] == [("a", 1.0), ("a", 3.0), ("b", 2.0)]


@pytest.mark.parametrize(
    ("filters", "columns"),
    [
        ({}, "abcd"),
        ({"model": "none such"}, ""),
        ({"metric": "recall"}, "c"),
        ({"column": "b"}, "b"),
        ({"segment": ""}, "d"),
        ({"start": day(2).start}, "b"),
        ({"end": day(2).start}, "acd"),
        ({"start": day(1).start, "end": day(1).start}, ""),
        ({"start": datetime(2026, 3, 2, 1, tzinfo=ZoneInfo("Europe/Berlin"))}, "b"),
    ],
)
def test_filters(store: Store, filters: dict[str, Any], columns: str) -> None:
    replace(store, [result(column="a"), result(column="d", segment="")])
    replace(store, [result(column="b", window=day(2))], window=day(2))
    replace(store, [result(column="c", metric="recall")], metrics=["recall"])
    assert sorted(r.column for r in read(store, **filters)) == [*columns]


def test_order_is_by_window_metric_column_segment_whatever_the_server_collates(
    store: Store,
) -> None:
    names = ["b", "B", "a", "_", "ä"]
    replace(store, [result(column=name) for name in names])
    assert [r.column for r in read(store)] == sorted(names)


def test_a_local_window_is_stored_as_the_same_instants_in_utc(store: Store) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # the day on which the clocks go forward has 23 hours
    local = Window(datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin))
    replace(store, [result(window=local)], window=local)
    replace(store, [result(window=local.utc)], window=local)
    (found,) = read(store)
    assert found.window.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert found.window.end == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert found.window.start.tzinfo is UTC


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_a_number_that_is_none_is_stored_as_null(store: Store, bad: float) -> None:
    replace(store, [result(value=bad, low=bad, high=np.float64(1.5), n=np.int64(3))])
    (found,) = read(store)
    assert (found.value, found.low, found.high, found.n) == (None, None, 1.5, 3)


@pytest.mark.parametrize("value", [0.1, 1e-308, 5e-324, 1.7976931348623157e308, 1 / 3, -0.0])
def test_floats_come_back_to_the_last_bit(store: Store, value: float) -> None:
    replace(store, [result(value=value)])
    assert read(store)[0].value == value


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "'; DROP TABLE results; --", "🙂\n%s :x"])
def test_text_from_data_is_inert_and_found_again(store: Store, text: str) -> None:
    segment = f"city={text}"
    replace(store, [result(segment=segment, reason=text)])
    replace(store, [result(segment=segment, reason=text)])
    assert len(read(store, segment=segment)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "other"},
        {"window": day(2)},
        {"metric": "recall"},
        {"as_of": AS_OF + timedelta(seconds=1)},
    ],
)
def test_a_result_that_would_not_be_replaced_is_not_stored(
    store: Store, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"is not of|not replaced"):
        replace(store, [result(**changes)])
    assert read(store, latest=False) == []


def test_a_failed_transaction_keeps_the_old_rows(store: Store) -> None:
    replace(store, [result(value=1.0)])
    with pytest.raises(sa.exc.IntegrityError):
        replace(store, [result(value=2.0), result(value=3.0)])
    assert [r.value for r in read(store)] == [1.0]


def test_a_reader_has_one_view_while_others_write(store: Store) -> None:
    replace(store, [result(value=1.0)])
    with store.read() as connection:
        first = results.read(connection)
        replace(store, [result(value=2.0)])
        assert results.read(connection) == first
    assert [r.value for r in read(store)] == [2.0]


def test_many_rows(store: Store) -> None:
    rows = [result(column=f"c{i}", segment=f"s={j}") for i in range(40) for j in range(50)]
    replace(store, rows)
    with store.read() as connection:
        count = sa.select(sa.func.count()).select_from(schema.results)
        assert connection.scalar(count) == 2_000


def test_which_windows_warned(store: Store) -> None:

    for number, verdict in ((1, Verdict.WARN), (2, Verdict.OK), (3, Verdict.WARN)):
        row = changed(result(column="x"), window=day(number), verdict=verdict)
        replace(store, [row], window=day(number))
    with store.read() as connection:
        found = results.warned(connection, MODEL, {"psi"})
        assert found == {("psi", "x"): {day(1).start, day(3).start}}
        assert results.warned(connection, MODEL, {"ks"}) == {}
        assert results.warned(connection, "another", {"psi"}) == {}


def auc(status: Status, verdict: Verdict, hour: int) -> Result:
    moment = AS_OF.replace(hour=hour)
    return result(metric="roc_auc", column="", status=status, verdict=verdict, as_of=moment)


@pytest.mark.parametrize(
    ("realised", "estimate", "counts"),
    [
        pytest.param([Verdict.OK], Verdict.FAIL, (Status.FINAL, 9), id="truth replaces it"),
        pytest.param([Verdict.UNKNOWN], Verdict.FAIL, (Status.ESTIMATED, 9), id="few labels"),
        pytest.param([Verdict.UNKNOWN], Verdict.UNKNOWN, (Status.FINAL, 9), id="nobody knows"),
        pytest.param([], Verdict.FAIL, (Status.ESTIMATED, 9), id="no labels at all"),
        # the newest realised one is asked, not the last that could be judged
        pytest.param([Verdict.OK, Verdict.UNKNOWN], Verdict.FAIL, (Status.ESTIMATED, 9), id="gone"),
        pytest.param([Verdict.FAIL, Verdict.OK], Verdict.FAIL, (Status.FINAL, 10), id="newest"),
    ],
)
def test_an_estimate_counts_where_there_is_no_verdict_on_labels(
    store: Store, realised: list[Verdict], estimate: Verdict, counts: tuple[Status, int]
) -> None:
    versions = [auc(Status.FINAL, verdict, 9 + i) for i, verdict in enumerate(realised)]
    versions.append(auc(Status.ESTIMATED, estimate, 9))
    for version in versions:
        estimated = version.status is Status.ESTIMATED
        target = {"metrics": {"roc_auc"}, "as_of": version.as_of, "estimated": estimated}
        replace(store, [version], **target)
    [found] = read(store, metric="roc_auc")
    assert (found.status, found.as_of.hour) == counts
    assert len(read(store, metric="roc_auc", latest=False)) == len(versions)
    [only] = read(store, metric="roc_auc", status=Status.ESTIMATED)
    assert only.verdict is estimate
