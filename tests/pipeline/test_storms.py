"""Many models break at once: what a channel shows, through the real slack-sdk."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.pipeline.alerting import evaluate
from tests.alerts.histories import results
from tests.databases import put
from tests.pipeline.test_delivery import Desk

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tests.fake_slack import FakeSlack

MODELS = [f"model_{number}" for number in range(8)]
MINUTE = timedelta(minutes=1)


def told(desk: Desk, model: str, history: str) -> None:
    put(desk.engine, results(history, "volume", model=model))
    settings = AlertSettings(
        model=model, owner="team:growth", cadence=Cadence.DAY, zone=UTC, channel="C0ALERTS"
    )
    evaluate(desk.engine, settings, desk.now, "run-1")


def test_a_storm_is_three_messages_and_a_thread(alert_engine: sa.Engine, fake: FakeSlack) -> None:
    desk = Desk(alert_engine, fake)
    for model in MODELS:
        told(desk, model, "BB")
        assert desk.drain(MINUTE).waiting == 0
    assert desk.shown == ["HIGH", "HIGH", "HIGH"]
    root = fake.messages[0]
    answers = [m["text"] for m in fake.messages if m.get("thread_ts") == root["ts"]]
    assert [model for model in MODELS[3:] if any(model in text for text in answers)] == MODELS[3:]
    # the first message counts the others as soon as its model is looked at again, and once
    told(desk, MODELS[0], "BB")
    assert desk.drain(MINUTE).sent == 1
    assert "5 more models have trouble of this kind" in str(fake.messages[0]["blocks"])
    told(desk, MODELS[0], "BB")
    assert desk.drain(MINUTE).sent == 0
    for model in MODELS:
        told(desk, model, "BBoo")
        desk.drain(MINUTE)
    assert desk.shown == ["RESOLVED", "RESOLVED", "RESOLVED"]
    edited = [m["text"] for m in fake.messages if m.get("thread_ts") == root["ts"]]
    # each of them edited and with a line of its own, and the line of the first
    assert sum(text.startswith("[RESOLVED]") for text in edited) == 2 * len(MODELS[3:]) + 1
