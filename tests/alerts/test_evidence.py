from __future__ import annotations

from monitoring_pipelines.alerts.evidence import (
    COLUMNS,
    MAX_ALONE,
    MAX_CONDITIONS,
    MAX_WINDOWS,
    SHORT,
    evidence,
)
from tests.alerts.histories import results, the_incident
from tests.alerts.test_compose import SETTINGS


def test_one_condition_is_named_once_with_its_newest_windows() -> None:
    told = evidence(*the_incident(results("o" * 14 + "BB", low=0.82, high=0.84)), SETTINGS)
    assert told.what == "Evidence: roc_auc, newest windows."
    assert told.table is not None
    assert told.table.columns == COLUMNS
    assert len(told.table.rows) == MAX_ALONE
    assert told.table.rows[-1] == (
        "2026-11-16", "0.83", "0.84", "0.86", "0.82 to 0.84", "31,204", "fail",
    )  # fmt: skip


def test_of_many_the_worst_are_shown_and_the_rest_is_counted() -> None:
    many = [results("oooooooBB", "missing_rate", column=f"c{i}") for i in range(9)]
    many.append(results("oooooooCC", "schema", value=None))
    told = evidence(*the_incident(*many), SETTINGS)
    assert (told.what, told.detail) == (
        "Evidence: 5 checks, newest windows.", "5 more checks are in the results.",
    )  # fmt: skip
    assert told.table is not None
    assert told.table.columns == SHORT
    assert told.table.rows[0] == ("schema", "2026-11-05", "-", "-", "31,204", "ok")
    assert len(told.table.rows) == MAX_CONDITIONS * MAX_WINDOWS
    # a table may have no empty cell
    assert all(all(row) for row in told.table.rows)


def test_it_is_about_numbers_only() -> None:
    told = evidence(*the_incident(results("BB")), SETTINGS)
    assert (told.facts, told.steps, told.links, told.chart) == ((), (), (), None)
