"""Findings as results: where, how often, with which verdict; on made-up logs and the Titanic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT, SANITY
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.pipeline.sanity import comparable, sanity_results
from monitoring_pipelines.summaries.table import TableSummary
from tests.golden.public_data import folder
from tests.golden.test_census import PROJECT
from tests.golden.test_census import declared as census
from tests.metrics.sanity.columns import levels, numbers
from tests.pipeline.lab import FIRST, LATER, Lab, declared, rows

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.summaries.column import ColumnSummary

JUDGING = Judging(declared(), "run", "1")
NAMES = [f"{i:05}" for i in range(900)]
NAMED, NEXT = levels(NAMES[:600]), levels(NAMES[600:], of=NAMES[:600])
USUAL, ALONE = (levels(values, of="ab" * 500) for values in ("ab" * 500, "a" * 300))


def table(column: ColumnSummary) -> TableSummary:
    n = column.n_rows
    return TableSummary(n, 0, {"x": replace(column, name="x")}, (n,), versions={"v1": n})


def test_a_lasting_fact_is_told_once(lab: Lab) -> None:
    told: dict[tuple[str, str], set[datetime]] = {}
    windows = [lab.day(4), lab.day(3), lab.day(5), lab.day(4)]  # in any order, and again
    found = [
        result
        for window in windows
        for result in sanity_results(JUDGING, window, (table(NEXT), table(NAMED), []), told)
        if result.metric == "identifier_column"
    ]
    assert [r.column for r in found] == ["x"] * 4
    assert [r.verdict.value for r in found] == ["warn", "ok", "ok", "warn"]
    assert found[1].reason.endswith("It was told before")


def test_what_names_its_rows_has_no_drift() -> None:
    assert comparable(table(NEXT), table(NAMED)).columns == {}
    assert comparable(table(USUAL), table(USUAL)) == table(USUAL)
    assert comparable(table(NEXT), None) == table(NEXT)


def test_every_check_says_so_if_it_finds_nothing(lab: Lab) -> None:
    found = sanity_results(JUDGING, lab.day(3), (table(USUAL), table(USUAL), []), {})
    assert {(r.metric, r.verdict.value, r.reason) for r in found} == {
        (name, "ok", "none of 1 columns") for name in SANITY
    }
    assert {r.model_version for r in found} == {"v1"}


def test_a_finding_warns_and_says_what_to_do(lab: Lab) -> None:
    found = sanity_results(JUDGING, lab.day(3), (table(ALONE), table(USUAL), []), {})
    [odd] = [r for r in found if r.verdict is not Verdict.OK]
    assert (odd.metric, odd.column, odd.verdict) == ("constant_column", "x", Verdict.WARN)
    assert (odd.value, odd.reference_value, odd.n) == (1.0, 0.5, 300)
    assert odd.reason.endswith("a default, or a source that stopped? Ask who fills it")


def test_the_data_contract_may_make_it_fail_and_says_when_it_is_over(lab: Lab) -> None:
    judging = Judging(declared(quality={"fail_above": {"constant_column": 0.5}}), "run", "1")
    verdicts = []
    for column in (ALONE, USUAL):
        found = sanity_results(judging, lab.day(3), (table(column), table(USUAL), []), {})
        verdicts += [(r.column, r.verdict.value) for r in found if r.metric == "constant_column"]
    assert verdicts == [("x", "fail"), ("x", "ok")]


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (table(levels([], of="ab")), table(USUAL), "no rows"),
        (table(USUAL), None, "there is no reference to compare with yet"),
    ],
)
def test_nothing_to_judge_is_unknown(
    lab: Lab, now: TableSummary, before: TableSummary | None, reason: str
) -> None:
    found = sanity_results(JUDGING, lab.day(3), (now, before, []), {})
    assert {(r.metric, r.verdict, r.reason) for r in found} == {
        (name, Verdict.UNKNOWN, reason) for name in SANITY
    }


def test_other_bins_are_unknown_for_that_column_alone(lab: Lab) -> None:
    x = np.arange(1_000.0)
    now = replace(table(USUAL), columns={"x": numbers(x * 1_000), "y": ALONE})
    before = replace(table(USUAL), columns={"x": numbers(x), "y": USUAL})
    found = sanity_results(JUDGING, lab.day(3), (now, before, []), {})
    assert {(r.metric, r.column) for r in found if r.verdict is Verdict.UNKNOWN} == {
        ("unit_change", "x")
    }
    assert {(r.metric, r.column) for r in found if r.verdict is Verdict.WARN} == {
        ("constant_column", "y")
    }


def test_categories_are_named_only_if_they_are_segments(lab: Lab) -> None:
    usual, before, now = (
        levels(values, of="ab" * 500 + "c" * 50)
        for values in ("ab" * 500 + "c" * 50, "ab" * 500, "ab" * 100 + "c" * 200)
    )
    tables = table(now), table(usual), [table(before)]
    for segments, expected in (((), ""), (("x",), "x=c")):
        judging = Judging(declared(segments=segments), "run", "1")
        found = sanity_results(judging, lab.day(3), tables, {})
        [odd] = [r for r in found if r.metric == "lone_segment"]
        assert (odd.segment, odd.column, odd.value) == (expected, "x", 0.5)
        assert "'c'" not in odd.reason


def test_from_a_log_to_stored_results(lab: Lab) -> None:
    """Days 0 and 1 are the reference; 3 repeats 2 but for its ids, 4 is in cents, 5 is constant."""
    log = rows(n_days=6, per_day=300, seed=3)
    day = np.arange(len(log)) // 300
    log.loc[day == 3, ["amount", "kind", "score"]] = log.loc[
        day == 2, ["amount", "kind", "score"]
    ].to_numpy()
    log["score"] = log["score"].astype(float)
    log["amount"] = log["amount"].astype(float)
    log.loc[day == 4, "amount"] *= 100
    log.loc[day == 5, "amount"] = 100.0
    log["receipt"] = np.arange(len(log)) + 10_000
    lab.config = declared(labels=None)
    lab.write(log)
    lab.at_once(*(lab.day(n) for n in range(2, 6)))
    odd = [
        (r.window.start.day - FIRST.day, r.metric, r.column)
        for r in lab.results()
        if r.metric in SANITY and r.verdict is Verdict.WARN
    ]
    assert sorted(odd) == [
        (2, "identifier_column", "receipt"),
        (3, "frozen_column", "amount"),
        (3, "frozen_column", "score"),  # three kinds of 300 rows may agree by chance
        (4, "unit_change", "amount"),
        (5, "constant_column", "amount"),
    ]
    assert not [r for r in lab.results(column="receipt") if r.metric in {*DRIFT, "unseen_rate"}]
    before = lab.dump()
    lab.at_once(*(lab.day(n) for n in (5, 2, 4, 3)))  # another order changes nothing
    assert lab.dump() == before


def test_rows_that_came_late_are_told_with_both_counts(lab: Lab) -> None:
    """Day 2 is judged with half of its rows; day 3 says so, until day 2 has run again."""
    log = rows(n_days=5, per_day=40)
    lab.config = declared(labels=None)
    early = log[(log["at"].dt.day != 3) | (log["id"] % 2 == 0)]
    lab.write(early)
    lab.at_once(lab.day(2))
    lab.write(log)
    lab.at_once(lab.day(3))
    late = lab.one(lab.day(3), "late_rows")
    assert (late.verdict, late.value) == (Verdict.WARN, 20.0)
    assert "has 40 rows now and had 20 when it was judged" in late.reason
    lab.at_once(lab.day(2), lab.day(3))
    assert lab.one(lab.day(3), "late_rows").verdict is Verdict.OK


def test_rows_that_were_written_again_the_next_day_are_told(lab: Lab) -> None:
    log = rows(n_days=6, per_day=100)
    again = log["at"].dt.day == 5
    log.loc[again, "id"] = log.loc[log["at"].dt.day == 4, "id"].to_numpy()
    lab.config = declared(labels=None)
    lab.write(log)
    lab.at_once(*(lab.day(n) for n in (2, 3, 4, 5)))
    found = [lab.one(lab.day(n), "repeated_ids") for n in (3, 4, 5)]
    assert [(r.verdict, r.value) for r in found] == [
        (Verdict.OK, 0.0),
        (Verdict.WARN, 1.0),
        (Verdict.OK, 0.0),
    ]
    assert "100% of the ids stand in a window before, too" in found[1].reason


def test_the_census_that_was_cut_by_rows(lab: Lab) -> None:
    """Days of 5,000 rows in published order: told once, and a segment where it lives."""
    values = census() | {"segments": ["RELP"]}
    model = Model(type(lab.config).model_validate(values), PROJECT, PROJECT)
    days = model.windows(None, None, LATER)[24:30]
    with Monitor.open(model, lab.store, now=LATER, run_id="run") as monitor:
        for window in days:
            monitor.at_once(window, ("quality",))
    order = lab.results(model=model.name, metric="row_order")
    assert [r.verdict.value for r in order] == ["warn", *["ok"] * 5]
    assert order[0].reason.startswith("all 5,000 rows are 17.28 seconds apart")
    alone = [r for r in lab.results(model=model.name) if r.metric == "lone_segment" and r.column]
    told = {(days.index(r.window) + 24, r.segment) for r in alone}
    assert told == {(day, f"RELP={code}") for day in (26, 27, 28) for code in (16, 17)}
    assert {r.verdict for r in alone} == {Verdict.WARN}


def test_the_titanic_in_eleven_windows(lab: Lab) -> None:
    """NannyML's tutorial alerts on Ticket in each of its eleven chunks of 41 rows (the last has 8).

    Here it is one warning in all, which says that it is an identifier.
    """
    data = folder() / "nannyml_misc"
    parts = [
        pd.read_parquet(data / f"titanic_{part}.parquet") for part in ("reference", "analysis")
    ]
    chunks = [np.zeros(len(parts[0]), int), 2 + np.arange(len(parts[1])) // 41]
    log = pd.concat(
        [
            part.drop(columns="Survived", errors="ignore").assign(
                at=pd.to_datetime(FIRST) + pd.to_timedelta(days, unit="D"), score=0.5
            )
            for part, days in zip(parts, chunks, strict=True)
        ]
    ).rename(columns={"PassengerId": "id"})
    lab.config = declared(labels=None, features={"exclude": ["Name", "boat", "body", "home.dest"]})
    lab.write(log)
    lab.at_once(*(lab.day(n) for n in range(2, 13)))
    # the eight rows of the last window are too few to judge any share
    known = [r for r in lab.results(column="Ticket") if r.verdict is not Verdict.UNKNOWN]
    of_ticket = [r for r in known if r.verdict is not Verdict.OK]
    assert [(r.metric, r.verdict) for r in of_ticket] == [("identifier_column", Verdict.WARN)]
    assert not [r for r in lab.results(column="Ticket") if r.metric in {*DRIFT, "unseen_rate"}]
    # the other columns are judged as ever
    assert len(lab.results(metric="unseen_rate", column="Sex")) == 11
    assert not [r for r in lab.results() if r.verdict is Verdict.FAIL and r.metric != "volume"]
