from __future__ import annotations

import random
import threading
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.pipeline.alerting import AlertReport, changes, evaluate, next_ops
from monitoring_pipelines.store.outbox import Op, Told
from monitoring_pipelines.store.schema import (
    conditions,
    incident_events,
    incidents,
    outbox,
)
from monitoring_pipelines.store.schema import (
    results as results_table,
)
from tests.alerts.histories import START, day, result, results
from tests.databases import everything, put
from tests.notify.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.domain.result import Result

NOW = START + timedelta(days=60)


def settings(channel: str | None = "C0ALERTS", **other: Any) -> AlertSettings:
    return AlertSettings(
        model="churn", owner="team:growth", cadence=Cadence.DAY, zone=UTC, channel=channel, **other
    )


def judge(engine: sa.Engine, rows: Iterable[Result] = (), **other: Any) -> AlertReport:
    put(engine, rows)
    return evaluate(engine, settings(**other), NOW, "run-1")


def again(history: str, metric: str = "roc_auc") -> list[Result]:
    """The same windows, computed again a month later."""
    return [
        result(n, letter, metric, as_of=day(n).end + timedelta(days=30))
        for n, letter in enumerate(history)
    ]


def column(engine: sa.Engine, table: sa.Table, name: str) -> list[Any]:
    with engine.connect() as connection:
        query = sa.select(table.c[name]).order_by(*table.primary_key.columns)
        return list(connection.scalars(query))


def ops(engine: sa.Engine) -> list[tuple[str, str]]:
    return list(zip(column(engine, outbox, "op"), column(engine, outbox, "state"), strict=True))


def test_a_model_without_results_has_no_alerts(alert_engine: sa.Engine) -> None:
    assert judge(alert_engine) == AlertReport(queued={})


def test_a_firing_condition_opens_one_incident_and_queues_one_message(
    alert_engine: sa.Engine,
) -> None:
    report = judge(alert_engine, results("ooBB"))
    assert report.queued == {"open": 1}
    (stored,) = everything(alert_engine)["incidents"]
    assert report.open == (stored["id"],)
    assert (stored["state"], stored["severity"], stored["announced"]) == ("open", "high", True)
    assert (stored["opened_window"], stored["last_window"]) == (day(3).start, day(3).start)
    (queued,) = everything(alert_engine)["outbox"]
    assert queued["idem"] == f"{stored['id']}:slack:C0ALERTS:open:1"
    assert queued["payload"]["what"] == "roc_auc is 0.83 (limit 0.84, usual 0.86)."
    (condition,) = everything(alert_engine)["conditions"]
    assert (condition["state"], condition["incident_id"]) == ("firing", stored["id"])
    assert condition["since_window"] == day(2).start


def test_the_same_results_write_nothing_new(alert_engine: sa.Engine) -> None:
    judge(alert_engine, [*results("ooBBB"), *results("oBBoo", "accuracy")])
    before = everything(alert_engine)
    report = evaluate(alert_engine, settings(), NOW + timedelta(hours=1), "run-2")
    assert report.queued == {}
    assert everything(alert_engine) == before


def test_windows_one_by_one_give_one_message_edited_and_resolved(alert_engine: sa.Engine) -> None:
    for number, letter in enumerate("oBBBoo"):
        judge(alert_engine, [result(number, letter)])
    assert ops(alert_engine) == [
        ("open", "ready"), ("update", "superseded"), ("resolve", "ready"),
    ]  # fmt: skip
    assert column(alert_engine, incidents, "state") == ["resolved"]
    assert column(alert_engine, incidents, "resolved_window") == [day(5).start]
    assert column(alert_engine, incident_events, "type") == ["opened", "resolved"]
    assert column(alert_engine, conditions, "incident_id") == [None]


def test_a_window_that_changes_nothing_people_see_is_not_said(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    assert judge(alert_engine, [result(2, "o")]).queued == {}
    assert judge(alert_engine, [result(3, ".")]).queued == {}


def test_trouble_of_the_past_is_recorded_and_nobody_is_called(alert_engine: sa.Engine) -> None:
    report = judge(alert_engine, results("oBBoo" + "oooo" + "oCCCoo"))
    assert (report.open, report.queued) == ((), {})
    assert column(alert_engine, incidents, "state") == ["resolved", "resolved"]
    assert column(alert_engine, incidents, "announced") == [False, False]


def test_any_order_of_a_backfill_gives_the_same_incidents(alert_engine: sa.Engine) -> None:
    rows = [*results("oBBBooooBBBoo"), *results("oooooooCooooo", "accuracy")]
    random.Random(3).shuffle(rows)
    for row in rows:
        judge(alert_engine, [row], channel=None)
    piecemeal = everything(alert_engine)["incidents"]
    with alert_engine.begin() as connection:
        for table in (incidents, incident_events, conditions, outbox):
            connection.execute(table.delete())
    judge(alert_engine, channel=None)
    assert _truth(everything(alert_engine)["incidents"]) == _truth(piecemeal)


def _truth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in {"updated_at", "run_id"}} for row in rows]


def test_without_a_channel_it_is_recorded_and_told_once_there_is_one(
    alert_engine: sa.Engine,
) -> None:
    assert judge(alert_engine, results("BB"), channel=None).queued == {}
    assert column(alert_engine, incidents, "announced") == [False]
    assert judge(alert_engine).queued == {"open": 1}
    assert column(alert_engine, incidents, "announced") == [True]


def test_another_channel_hears_of_it_and_the_first_one_hears_the_end(
    alert_engine: sa.Engine,
) -> None:
    judge(alert_engine, results("BB"))
    assert judge(alert_engine, channel="C0OTHER").queued == {"open": 1}
    report = judge(alert_engine, [result(2, "o"), result(3, "o")], channel="C0OTHER")
    assert report.queued == {"resolve": 2}
    assert set(column(alert_engine, outbox, "destination")) == {"slack:C0ALERTS", "slack:C0OTHER"}


def test_firing_again_soon_is_the_same_message_and_news(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    judge(alert_engine, results("BBoo"))
    report = judge(alert_engine, results("BBoo" + "BB"))
    assert report.queued == {"update": 1, "reopen": 1}
    assert len(everything(alert_engine)["incidents"]) == 1
    assert column(alert_engine, incident_events, "type") == ["opened", "resolved", "reopened"]


def test_an_announced_incident_that_vanishes_is_withdrawn(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("oBB"))
    report = judge(alert_engine, again("ooo"))
    assert (report.open, report.queued) == ((), {"resolve": 1})
    assert column(alert_engine, incidents, "state") == ["withdrawn"]
    assert everything(alert_engine)["outbox"][-1]["payload"]["stage"] == Stage.WITHDRAWN
    before = everything(alert_engine)
    assert judge(alert_engine).queued == {}
    assert everything(alert_engine) == before


def test_one_that_nobody_heard_of_and_vanishes_is_forgotten(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("oBB"), channel=None)
    judge(alert_engine, again("ooo"), channel=None)
    assert everything(alert_engine)["incidents"] == []
    assert everything(alert_engine)["incident_events"] == []


def test_late_labels_that_move_the_start_do_not_tell_it_twice(alert_engine: sa.Engine) -> None:
    (before,) = judge(alert_engine, results("oooBB")).open
    report = judge(alert_engine, again("BBBBB"))
    assert report.open == (before,)
    assert report.queued == {"update": 1}
    assert column(alert_engine, incidents, "opened_window") == [day(1).start]


def test_a_rise_of_severity_is_an_event(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    judge(alert_engine, [result(2, "C")])
    assert column(alert_engine, incidents, "severity") == ["critical"]
    assert column(alert_engine, incident_events, "type") == ["opened", "severity"]


def test_drift_never_pages(alert_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring_pipelines.alerts.triage.DRIFT", {"psi"})
    report = judge(alert_engine, results("CCC", "psi"))
    assert (report.open, everything(alert_engine)["conditions"]) == ((), [])


def test_a_history_that_slides_on_does_not_change_an_open_incident(
    alert_engine: sa.Engine,
) -> None:
    (before,) = judge(alert_engine, results("B" * 5), channel=None).open
    # 205 windows later the five first ones are out of sight
    report = judge(alert_engine, [result(n, "B") for n in range(5, 210)], channel=None)
    assert report.open == (before,)
    assert column(alert_engine, incidents, "opened_window") == [day(1).start]


def test_labels_that_come_a_year_later_still_call(alert_engine: sa.Engine) -> None:
    report = judge(
        alert_engine, [*results("oBB"), *(result(400 + n, "o", "volume") for n in range(3))]
    )
    assert report.queued == {"open": 1}


def test_results_that_were_removed_close_what_was_open(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    with alert_engine.begin() as connection:
        connection.execute(results_table.delete())
    assert judge(alert_engine).queued == {"resolve": 1}
    assert column(alert_engine, incidents, "state") == ["withdrawn"]


def test_evaluators_at_once_queue_it_once(alert_engine: sa.Engine) -> None:
    put(alert_engine, results("BB"))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            evaluate(alert_engine, settings(), NOW, "run-1")
        except sa.exc.SQLAlchemyError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert ops(alert_engine) == [("open", "ready")]


def test_a_transaction_that_dies_leaves_nothing(
    alert_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(alert_engine, results("BB"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("monitoring_pipelines.pipeline.alerting.save_conditions", die)
        with pytest.raises(KeyboardInterrupt):
            evaluate(alert_engine, settings(), NOW, "run-1")
    stored = everything(alert_engine)
    assert all(not rows for name, rows in stored.items() if name != results_table.name)
    assert judge(alert_engine).queued == {"open": 1}


FIRING = message()
CLOSED = message(stage=Stage.RESOLVED)


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        pytest.param(None, FIRING, (Op.OPEN,), id="new"),
        pytest.param(None, CLOSED, (), id="over before anybody heard of it"),
        pytest.param((Op.OPEN, FIRING), FIRING, (), id="unchanged"),
        pytest.param((Op.OPEN, FIRING), message(what="worse"), (Op.UPDATE,), id="changed"),
        pytest.param((Op.UPDATE, FIRING), CLOSED, (Op.RESOLVE,), id="over"),
        pytest.param((Op.RESOLVE, CLOSED), message(stage=Stage.RESOLVED, what="x"), (), id="final"),
        pytest.param((Op.RESOLVE, CLOSED), FIRING, (Op.UPDATE, Op.REOPEN), id="back"),
    ],
)
def test_what_to_say_next(last: tuple[Op, Any] | None, now: Any, expected: tuple[Op, ...]) -> None:
    told = Told(1, last[0], last[1].to_json()) if last else None
    assert next_ops(told, now) == expected


@pytest.mark.parametrize(
    ("known", "now", "expected"),
    [
        (None, ("open", "high"), ("opened",)),
        (None, ("resolved", "high"), ("opened", "resolved")),
        (("open", "high"), ("open", "high"), ()),
        (("open", "high"), ("resolved", "critical"), ("resolved", "severity")),
        (("resolved", "high"), ("open", "high"), ("reopened",)),
        (("open", "high"), ("withdrawn", "high"), ("withdrawn",)),
    ],
)
def test_what_happened(
    known: tuple[str, str] | None, now: tuple[str, str], expected: tuple[str, ...]
) -> None:
    def row(pair: tuple[str, str]) -> dict[str, str]:
        return dict(zip(("state", "severity"), pair, strict=True))

    assert changes(row(known) if known else None, row(now)) == expected


def test_warnings_do_not_fire(alert_engine: sa.Engine) -> None:
    rows = [result(n, "B", verdict=Verdict.WARN) for n in range(4)]
    assert judge(alert_engine, rows).open == ()
