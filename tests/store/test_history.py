from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.store import history
from tests.alerts.histories import DAY, START, day, result, results
from tests.databases import put

if TYPE_CHECKING:
    import sqlalchemy as sa


def test_without_results_there_is_no_history(alert_engine: sa.Engine) -> None:
    with alert_engine.connect() as connection:
        assert history.horizon(connection, "churn", Cadence.DAY) is None


@pytest.mark.parametrize("cadence", Cadence)
def test_the_history_is_bounded(alert_engine: sa.Engine, cadence: Cadence) -> None:
    put(alert_engine, [result(9, "o")])
    with alert_engine.connect() as connection:
        since = history.horizon(connection, "churn", cadence)
    assert since is not None
    assert day(9).start - since == 200 * history.LENGTH[cadence]


def test_only_conditions_that_ever_failed_are_read_whole_and_in_order(
    alert_engine: sa.Engine,
) -> None:
    failing = results("oBo")
    put(alert_engine, [*reversed(failing), *results("ooo", "accuracy"), result(0, "B", model="x")])
    with alert_engine.connect() as connection:
        found = history.failed(connection, "churn", START)
    assert found == {Fingerprint("churn", "", "roc_auc", ""): failing}


def test_the_last_evaluation_of_a_window_counts(alert_engine: sa.Engine) -> None:
    first = results("BB")
    corrected = replace(
        first[1], verdict=Verdict.OK, as_of=first[1].as_of + timedelta(days=30), value=0.86
    )
    put(alert_engine, [*first, corrected])
    with alert_engine.connect() as connection:
        (rows,) = history.failed(connection, "churn", START).values()
    assert rows == [first[0], corrected]


def test_what_is_older_is_not_read(alert_engine: sa.Engine) -> None:
    put(alert_engine, results("BBoo"))
    with alert_engine.connect() as connection:
        assert history.failed(connection, "churn", START + 2 * DAY) == {}
