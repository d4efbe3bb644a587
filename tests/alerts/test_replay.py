"""Alerts of a history, in the order in which it became known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from monitoring_pipelines.alerts.condition import Policy
from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.alerts.replay import Ending, replay
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.schema import incidents
from monitoring_pipelines.store.schema import results as table
from tests.alerts.histories import day, result, results
from tests.databases import put

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.alerts.replay import Alert
    from monitoring_pipelines.domain.result import Result

SETTINGS = AlertSettings(
    model="churn", owner="team:growth", cadence=Cadence.DAY, zone=UTC, channel="C0ALERTS"
)


def replayed(*rows: Result, **other: Any) -> tuple[Alert, ...]:
    return replay(rows, replace(SETTINGS, **other), "roc_auc")


def test_without_a_failure_there_is_no_alert() -> None:
    assert replayed() == ()
    assert replayed(*results("oo.o")) == ()


def test_it_is_told_when_it_becomes_known_and_says_what_it_said_then() -> None:
    (alert,) = replayed(*results("oBBCoo"))
    assert (alert.opened, alert.last) == (day(1).start, day(3).start)
    assert alert.told_at == day(2).end
    assert (alert.ending, alert.what) == (
        Ending.RESOLVED,
        "roc_auc is 0.83 (limit 0.84, usual 0.86).",
    )
    assert (alert.labels.judged, alert.labels.fell, alert.was_right) == (3, 3, True)


def test_another_policy_gives_other_alerts() -> None:
    rows = results("oBoBooooooooB")
    assert len(replayed(*rows)) == 1
    assert len(replayed(*rows, policy=Policy(breaches=1, of=1, clear=1))) == 2
    assert replayed(*rows, policy=Policy(breaches=3, of=3)) == ()


def test_an_estimate_that_labels_do_not_confirm_was_wrong_and_is_withdrawn() -> None:
    early = [replace(row, status=Status.ESTIMATED) for row in results("oBB")]
    late = [
        replace(row, status=Status.FINAL, as_of=row.window.end + timedelta(days=30))
        for row in results("ooo")
    ]
    (alert,) = replayed(*early, *late)
    assert (alert.told_at, alert.ending) == (day(2).end, Ending.WITHDRAWN)
    assert (alert.labels.judged, alert.labels.fell, alert.was_right) == (2, 0, False)
    # labels that are too few to judge by do not hide it
    few = [replace(row, status=Status.PROVISIONAL) for row in results("...")]
    (unknown,) = replayed(*early, *few)
    assert (unknown.ending, unknown.was_right) == (Ending.OPEN, None)
    assert str(unknown.labels) == "no labels"


def test_what_people_said_counts_more_than_labels() -> None:
    (alert,) = replayed(*results("BB"))
    assert replace(alert, feedback=Feedback.FALSE_ALARM).was_right is False
    assert replace(alert, feedback=Feedback.FIXED).was_right is True


def test_labels_say_nothing_of_other_trouble() -> None:
    (alert,) = replayed(*results("BB", "missing_rate"), *results("oo"))
    assert (alert.labels.judged, alert.was_right) == (2, None)


def test_what_another_incident_explains_is_not_told() -> None:
    lost = results("BBB", "label_coverage")
    assert [a.cause for a in replayed(*lost, *results("oBB"))] == ["silence"]


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return Store.open(f"sqlite:///{tmp_path / 'monitoring.db'}").engine


@given(
    histories=st.lists(st.text("oB.C", min_size=1, max_size=10), min_size=1, max_size=2),
    late=st.lists(st.tuples(st.integers(0, 9), st.sampled_from("oB.C")), max_size=4),
    statuses=st.lists(st.sampled_from(list(Status)), min_size=14, max_size=14),
)
@examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_tells_what_would_have_been_told(
    engine: sa.Engine,
    histories: list[str],
    late: list[tuple[int, str]],
    statuses: list[Status],
) -> None:
    """The same history, fed moment by moment to what runs in production."""
    metrics = ("roc_auc", "volume")
    rows = [r for h, metric in zip(histories, metrics, strict=False) for r in results(h, metric)]
    rows += [
        result(number, letter, as_of=day(30 + place).end)
        for place, (number, letter) in enumerate(late)
    ]
    rows = [replace(row, status=statuses[i % 14]) for i, row in enumerate(rows)]
    with engine.begin() as connection:
        for emptied in reversed(incidents.metadata.sorted_tables):
            connection.execute(emptied.delete())
    told: dict[str, datetime] = {}
    for moment in sorted({row.as_of for row in rows}):
        put(engine, [row for row in rows if row.as_of == moment])
        evaluate(engine, SETTINGS, moment, "run")
        with engine.connect() as connection:
            query = sa.select(incidents.c.id).where(incidents.c.announced)
            for id_ in connection.scalars(query):
                told.setdefault(id_, moment)
    assert {alert.id: alert.told_at for alert in replayed(*rows)} == told
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == len(rows)
