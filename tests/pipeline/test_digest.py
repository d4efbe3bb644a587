"""The digest counts what happened, and names what is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.message import AlertMessage, Stage
from monitoring_pipelines.config.monitoring import MonitoringConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.chain import Head
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.digest import digest, write_digest
from monitoring_pipelines.store import evidence
from monitoring_pipelines.store.incidents import Event, listed, record
from monitoring_pipelines.store.schema import evidence as evidence_table
from monitoring_pipelines.store.schema import outbox
from tests.alerts.histories import START, day, result, results
from tests.databases import everything, put
from tests.pipeline.lab import declared
from tests.pipeline.test_alerting import settings

if TYPE_CHECKING:
    import sqlalchemy as sa

PERIOD = (START, START + timedelta(days=7))
CONFIG = MonitoringConfig.model_validate({"digest_to": ["slack:C0ALERTS", "email:a@b.example"]})
MODELS = [declared(name="churn", start="2026-01-03"), declared(name="quiet")]


def written(engine: sa.Engine) -> AlertMessage:
    write_digest(engine, CONFIG, MODELS, PERIOD)
    with engine.connect() as connection:
        payload = connection.execute(
            outbox.select().where(outbox.c.op == "digest").order_by(outbox.c.id)
        ).mappings()
        return AlertMessage.from_json(next(iter(payload))["payload"])


def test_it_counts_checks_and_incidents_and_says_who_is_needed(alert_engine: sa.Engine) -> None:
    warnings = [result(n, "o", "psi", column="age", verdict=Verdict.WARN) for n in range(3)]
    put(alert_engine, [*results("oooooBB"), *warnings])
    evaluate(alert_engine, settings(), PERIOD[1] - timedelta(hours=2), "run")
    message = written(alert_engine)
    assert message.stage is Stage.DIGEST
    assert message.what == "2 models, 10 checks, 50.0 % ok."
    assert message.detail == "1 incidents opened, 0 resolved, 1 open."
    facts = dict(message.facts)
    assert facts["Not monitored"] == "quiet"
    assert "(churn, performance)" in facts["Needs someone"]
    assert facts["Warnings, not sent one by one"] == "churn psi (3)"
    assert message.table is not None
    assert message.table.rows == (
        ("churn", "-", "3 warn", "2 fail", "-", "-"),
        ("quiet", "-", "-", "-", "-", "-"),
    )


def test_the_head_of_the_evidence_is_in_it(alert_engine: sa.Engine) -> None:
    assert dict(written(alert_engine).facts)["Evidence"] == "no record yet"
    with alert_engine.begin() as connection:
        head = [evidence.append(connection, evidence.CARD, "churn", {}) for _ in range(2)][-1]
        found = dict(digest(connection, "digest:x", MODELS, PERIOD).facts)["Evidence"]
    assert found == f"2 records, head {head}"
    # as it stands there, it is an anchor
    assert Head.parse(found.split()[-1]) == head
    with alert_engine.begin() as connection:
        connection.execute(evidence_table.delete().where(evidence_table.c.seq == 1))
        found = dict(digest(connection, "digest:x", MODELS, PERIOD).facts)["Evidence"]
    assert found.startswith("the chain is broken: record 1 is missing")


def test_people_are_counted_too(alert_engine: sa.Engine) -> None:
    put(alert_engine, results("oooBB"))
    began = PERIOD[1] - timedelta(hours=2)
    evaluate(alert_engine, settings(), began, "run")
    with alert_engine.begin() as connection:
        (incident,) = listed(connection)
        for type_, payload in (
            ("acknowledged", {"until": day(9).start.isoformat()}),
            ("feedback", {"verdict": "false_alarm"}),
        ):
            event = Event(type_, "ana", payload)
            record(connection, incident["id"], event, began + timedelta(minutes=11))
    message = written(alert_engine)
    assert message.detail == (
        "1 incidents opened, 0 resolved, 1 open; median time to acknowledge 11 min; "
        "1 called a false alarm."
    )


def test_it_comes_once_to_each_place_also_when_nothing_happened(alert_engine: sa.Engine) -> None:
    for _ in range(2):
        message = written(alert_engine)
    assert message.what == "2 models, 0 checks, none ok."
    assert [row["destination"] for row in everything(alert_engine)["outbox"]] == [
        "slack:C0ALERTS", "email:a@b.example",
    ]  # fmt: skip


def test_what_has_a_private_place_is_not_told(alert_engine: sa.Engine) -> None:
    put(alert_engine, [result(n, "B", "sec_07_secrets") for n in range(3)])
    evaluate(alert_engine, settings(), PERIOD[1] - timedelta(hours=2), "run")
    private = declared(name="churn", alerts={"security": ["slack:C0PRIVATE"]})
    told = {}
    with alert_engine.begin() as connection:
        for model in (MODELS[0], private):
            message = digest(connection, "digest:x", [model], PERIOD)
            told[bool(model.alerts.security)] = message
    assert "1 incidents opened" in told[False].detail
    assert "(churn, security)" in dict(told[False].facts)["Needs someone"]
    assert told[True].what == "1 models, 0 checks, none ok."
    assert told[True].detail.startswith("0 incidents opened")
    assert "churn, security" not in dict(told[True].facts)["Needs someone"]
