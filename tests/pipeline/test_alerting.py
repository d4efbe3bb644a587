from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.quiet import QuietHours
from monitoring_pipelines.alerts.routing import Route
from monitoring_pipelines.alerts.settings import AlertSettings, Escalation
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.silence import Silence, SilenceKind
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.pipeline.alerting import AlertReport, changes, evaluate
from monitoring_pipelines.store.handling import add_silence
from monitoring_pipelines.store.incidents import Event, record
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

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.domain.result import Result

NOW = START + timedelta(days=60)
FIRST = {"open": 1, "evidence": 1}
LAST = {"resolve": 1, "note": 1}


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
    assert report.queued == FIRST
    (stored,) = everything(alert_engine)["incidents"]
    assert report.open == (stored["id"],)
    assert (stored["state"], stored["severity"], stored["announced"]) == ("open", "high", True)
    assert (stored["opened_window"], stored["last_window"]) == (day(3).start, day(3).start)
    queued, _ = everything(alert_engine)["outbox"]
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
        ("open", "ready"), ("evidence", "ready"), ("resolve", "ready"), ("note", "ready"),
    ]  # fmt: skip
    assert column(alert_engine, incidents, "state") == ["resolved"]
    assert column(alert_engine, incidents, "resolved_window") == [day(5).start]
    assert column(alert_engine, incident_events, "type") == ["opened", "resolved"]
    assert column(alert_engine, conditions, "incident_id") == [None]


def test_a_window_that_changes_the_chart_alone_is_an_edit(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    assert judge(alert_engine, [result(2, "o")]).queued == {"update": 1}
    assert judge(alert_engine, [result(2, "o")]).queued == {}
    assert judge(alert_engine, [result(3, ".")]).queued == {"update": 1}


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
    assert judge(alert_engine).queued == FIRST
    assert column(alert_engine, incidents, "announced") == [True]


def test_another_channel_hears_of_it_and_the_first_one_hears_the_end(
    alert_engine: sa.Engine,
) -> None:
    judge(alert_engine, results("BB"))
    assert judge(alert_engine, channel="C0OTHER").queued == FIRST
    report = judge(alert_engine, [result(2, "o"), result(3, "o")], channel="C0OTHER")
    assert report.queued == {"resolve": 2, "note": 2}
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
    assert (report.open, report.queued) == ((), LAST)
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
    assert report.queued == FIRST


def test_results_that_were_removed_close_what_was_open(alert_engine: sa.Engine) -> None:
    judge(alert_engine, results("BB"))
    with alert_engine.begin() as connection:
        connection.execute(results_table.delete())
    assert judge(alert_engine).queued == LAST
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
    assert ops(alert_engine) == [("open", "ready"), ("evidence", "ready")]


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
    assert judge(alert_engine).queued == FIRST


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


def live(**other: Any) -> AlertSettings:
    """Settings of a model whose windows of these histories end today."""
    return settings(fresh_for=timedelta(days=90), **other)


def told(engine: sa.Engine, at: datetime, rows: Iterable[Result] = (), **other: Any) -> Any:
    put(engine, rows)
    return evaluate(engine, live(**other), at, "run-1").queued


def happen(
    engine: sa.Engine, type_: str, actor: str, payload: dict[str, Any], at: datetime
) -> None:
    (incident,) = column(engine, incidents, "id")
    with engine.begin() as connection:
        record(connection, incident, Event(type_, actor, payload), at)


HOUR = timedelta(hours=1)


def test_people_are_called_again_until_somebody_takes_care(alert_engine: sa.Engine) -> None:
    assert told(alert_engine, NOW, results("oBB")) == FIRST
    assert told(alert_engine, NOW + 23 * HOUR) == {}
    assert told(alert_engine, NOW + 24 * HOUR) == {"remind": 1}
    assert told(alert_engine, NOW + 25 * HOUR) == {}
    until = {"until": (NOW + 49 * HOUR).isoformat()}
    happen(alert_engine, "acknowledged", "ana", until, NOW + 25 * HOUR)
    assert told(alert_engine, NOW + 26 * HOUR) == {"update": 1}
    assert column(alert_engine, incidents, "acknowledged_by") == ["ana"]
    words = everything(alert_engine)["outbox"][-1]["payload"]
    assert (words["stage"], words["handled"][:20]) == ("acknowledged", "Acknowledged by ana ")
    assert told(alert_engine, NOW + 48 * HOUR) == {}
    # the time that was asked for is over, and it is still there
    assert told(alert_engine, NOW + 50 * HOUR) == {"update": 1, "remind": 1}


def test_what_is_over_says_who_took_care(alert_engine: sa.Engine) -> None:
    (id_,) = judge(alert_engine, results("BB")).open
    with alert_engine.begin() as connection:
        until = {"until": (NOW + timedelta(hours=24)).isoformat()}
        record(connection, id_, Event("acknowledged", "ana", until), NOW)
    judge(alert_engine, [result(2, "o"), result(3, "o")])
    words = everything(alert_engine)["outbox"][-1]["payload"]
    assert (words["stage"], words["handled"]) == ("resolved", "ana took care of it.")


def test_what_gets_worse_breaks_the_acknowledgement(alert_engine: sa.Engine) -> None:
    told(alert_engine, NOW, results("oBB"))
    until = {"until": (NOW + 24 * HOUR).isoformat()}
    happen(alert_engine, "acknowledged", "ana", until, NOW)
    told(alert_engine, NOW + HOUR)
    queued = told(alert_engine, NOW + 2 * HOUR, [result(3, "C")])
    assert queued == {"update": 1, "escalate": 1}
    assert column(alert_engine, incidents, "acknowledged_by") == [None]
    assert told(alert_engine, NOW + 3 * HOUR) == {}


def test_history_that_is_computed_today_is_no_emergency(alert_engine: sa.Engine) -> None:
    put(alert_engine, results("oBB"))
    assert evaluate(alert_engine, settings(), NOW, "run-1").queued == FIRST
    assert evaluate(alert_engine, settings(), NOW + 48 * HOUR, "run-1").queued == {}


def test_a_critical_one_that_nobody_takes_goes_on_to_the_next(alert_engine: sa.Engine) -> None:
    rule = {"escalation": Escalation(to=("pagerduty:KEY",), after=HOUR / 2)}
    assert told(alert_engine, NOW, [result(0, "C")], **rule) == FIRST
    assert told(alert_engine, NOW + HOUR / 3, **rule) == {}
    assert told(alert_engine, NOW + HOUR, **rule) == FIRST
    assert set(column(alert_engine, outbox, "destination")) == {"slack:C0ALERTS", "pagerduty:KEY"}
    assert told(alert_engine, NOW + 2 * HOUR, **rule) == {}
    ends = told(alert_engine, NOW + 3 * HOUR, [result(1, "o"), result(2, "o")], **rule)
    assert ends == {"resolve": 2, "note": 2}


def test_a_high_one_does_not(alert_engine: sa.Engine) -> None:
    rule = {"escalation": Escalation(to=("pagerduty:KEY",), after=HOUR / 2)}
    assert told(alert_engine, NOW, results("oBB"), **rule) == FIRST
    assert told(alert_engine, NOW + HOUR, **rule) == {}


def test_routes_choose_the_place_and_a_rise_of_severity_adds_one(alert_engine: sa.Engine) -> None:
    routes = (
        Route(to=("slack:C0RISK",), causes=frozenset({Cause.PERFORMANCE})),
        Route(to=("pagerduty:KEY",), severities=frozenset({Severity.CRITICAL})),
    )
    assert told(alert_engine, NOW, results("oBB"), routes=routes) == FIRST
    assert set(column(alert_engine, outbox, "destination")) == {"slack:C0RISK"}
    queued = told(alert_engine, NOW + HOUR, [result(3, "C")], routes=routes)
    assert queued == {"update": 1, "escalate": 1, "open": 1, "evidence": 1}


def silence(engine: sa.Engine, matchers: dict[str, str], hours: int) -> None:
    with engine.begin() as connection:
        add_silence(
            connection,
            Silence(
                id="sil_1",
                kind=SilenceKind.MANUAL,
                matchers=matchers,
                starts_at=NOW - HOUR,
                ends_at=NOW + hours * HOUR,
                created_by="ana",
                reason="campaign",
            ),
            NOW,
        )


def test_what_is_silenced_is_recorded_and_told_when_the_silence_ends(
    alert_engine: sa.Engine,
) -> None:
    silence(alert_engine, {"model": "ch*", "cause": "performance"}, 4)
    assert told(alert_engine, NOW, results("oBB")) == {}
    assert column(alert_engine, incidents, "announced") == [False]
    assert column(alert_engine, incidents, "silenced_until") == [NOW + 4 * HOUR]
    assert told(alert_engine, NOW + 4 * HOUR) == FIRST
    assert column(alert_engine, incidents, "silenced_until") == [None]


def test_a_silence_of_something_else_does_nothing(alert_engine: sa.Engine) -> None:
    silence(alert_engine, {"metric": "accuracy"}, 4)
    assert told(alert_engine, NOW, results("oBB")) == FIRST


def test_an_effect_waits_for_its_cause_and_is_told_if_it_stays(alert_engine: sa.Engine) -> None:
    rows = [*results("oCC", "schema"), *results("oBB")]
    assert told(alert_engine, NOW, rows) == FIRST
    by_cause = {row["cause"]: row for row in everything(alert_engine)["incidents"]}
    assert by_cause["performance"]["inhibited_by"] == by_cause["data_contract"]["id"]
    assert not by_cause["performance"]["announced"]
    mended = [result(n, "o", "schema") for n in (3, 4)] + [result(n, "B") for n in (3, 4)]
    assert told(alert_engine, NOW + HOUR, mended) == FIRST | LAST


def test_quiet_hours_hold_what_is_not_critical_and_drop_what_is_over(
    alert_engine: sa.Engine,
) -> None:
    night = NOW.replace(hour=22)
    rule = {"quiet_hours": QuietHours.parse("20:00-08:00")}
    assert told(alert_engine, night, results("oBB"), **rule) == FIRST
    assert set(column(alert_engine, outbox, "next_at")) == {night + 10 * HOUR}
    # what is new meanwhile changes the words that wait
    assert told(alert_engine, night + HOUR, [result(3, "B", value=0.825)], **rule) == {"update": 1}
    assert everything(alert_engine)["outbox"][0]["payload"]["what"].startswith("roc_auc is 0.825 ")
    ended = told(alert_engine, night + 2 * HOUR, [result(4, "o"), result(5, "o")], **rule)
    assert ended == {}
    assert {state for _, state in ops(alert_engine)} == {"superseded"}
    assert told(alert_engine, night + 3 * HOUR, **rule) == {}


def test_quiet_hours_do_not_hold_what_is_critical(alert_engine: sa.Engine) -> None:
    night = NOW.replace(hour=22)
    told(alert_engine, night, [result(0, "C")], quiet_hours=QuietHours.parse("20:00-08:00"))
    assert set(column(alert_engine, outbox, "next_at")) == {night}


def test_only_what_calls_mentions_somebody(alert_engine: sa.Engine) -> None:
    told(alert_engine, NOW, results("oBB"), mentions=("S0ML",))
    told(alert_engine, NOW + 24 * HOUR, mentions=("S0ML",))
    said = {row["op"]: row["payload"]["mentions"] for row in everything(alert_engine)["outbox"]}
    assert said == {"open": ["S0ML"], "evidence": [], "remind": ["S0ML"]}


def test_one_failed_run_is_enough_and_the_next_one_takes_it_back(alert_engine: sa.Engine) -> None:
    failed = result(0, "B", "run", value=None, reference_value=None)
    assert told(alert_engine, NOW, [failed]) == FIRST
    with alert_engine.begin() as connection:
        connection.execute(results_table.delete())
    assert told(alert_engine, NOW + HOUR) == LAST
    assert column(alert_engine, incidents, "state") == ["withdrawn"]
