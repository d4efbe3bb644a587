from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.store import history
from monitoring_pipelines.store.history import History, histories
from tests.alerts.histories import DAY, day, result, results
from tests.databases import put

if TYPE_CHECKING:
    import sqlalchemy as sa


AUC = Fingerprint("churn", "", "roc_auc", "")
SPAN = history.WINDOWS * DAY


def read(engine: sa.Engine) -> dict[Cause, History]:
    with engine.connect() as connection:
        return histories(connection, "churn", Cadence.DAY)


def test_without_a_failure_there_is_no_history(alert_engine: sa.Engine) -> None:
    put(alert_engine, results("oo."))
    assert read(alert_engine) == {}


@pytest.mark.parametrize("cadence", Cadence)
def test_the_history_starts_so_many_windows_before_the_newest_failure(
    alert_engine: sa.Engine, cadence: Cadence
) -> None:
    put(alert_engine, results("Booooo"))
    with alert_engine.connect() as connection:
        found = histories(connection, "churn", cadence)[Cause.PERFORMANCE]
    assert found.since == day(0).start - history.WINDOWS * history.LENGTH[cadence]


def test_only_conditions_that_ever_failed_are_read_whole_and_in_order(
    alert_engine: sa.Engine,
) -> None:
    failing = results("oBo")
    segment = results("ooo", segment="country=BR")
    others = [*results("ooo", "accuracy"), *segment, result(0, "B", model="fraud")]
    put(alert_engine, [*reversed(failing), *others])
    assert read(alert_engine)[Cause.PERFORMANCE].results == {AUC: failing}


def test_the_last_evaluation_of_a_window_counts(alert_engine: sa.Engine) -> None:
    first = results("BB")
    corrected = replace(
        first[1], verdict=Verdict.OK, as_of=first[1].as_of + timedelta(days=30), value=0.86
    )
    put(alert_engine, [*first, corrected])
    assert read(alert_engine)[Cause.PERFORMANCE].results[AUC] == [first[0], corrected]


def test_what_is_far_from_the_newest_failure_is_not_read(alert_engine: sa.Engine) -> None:
    far = history.WINDOWS + 5
    put(alert_engine, [result(0, "B"), result(far, "B"), result(2 * far, "o")])
    found = read(alert_engine)[Cause.PERFORMANCE]
    assert [r.window for r in found.results[AUC]] == [day(far)]


def test_labels_that_come_a_year_later_are_still_found(alert_engine: sa.Engine) -> None:
    put(alert_engine, [*results("oBB"), result(400, "B", "missing_rate", column="age")])
    found = read(alert_engine)
    assert len(found[Cause.PERFORMANCE].results[AUC]) == 3
    assert found[Cause.DATA_CONTRACT].since == day(400).start - SPAN
