"""Queueing for several destinations; the rules themselves are tested with `decide`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.pipeline.telling import About
from monitoring_pipelines.store import sending
from monitoring_pipelines.store.schema import outbox
from tests.alerts.histories import result, results
from tests.pipeline.test_alerting import FIRST, NOW, column, told

if TYPE_CHECKING:
    import sqlalchemy as sa


def test_an_incident_is_held_by_a_silence_or_by_its_cause() -> None:
    assert not About().is_held
    assert About(silenced_until=NOW).is_held
    assert About(inhibited_by="inc_1").is_held


def test_what_was_said_is_edited_and_what_waits_is_not_repeated(alert_engine: sa.Engine) -> None:
    assert told(alert_engine, NOW, results("oBB")) == FIRST
    with alert_engine.begin() as connection:
        pace = dict.fromkeys(sending.waiting_at(connection), timedelta())
        claimed = sending.claim(connection, pace, "me", NOW)
        assert claimed is not None
        sending.sent(connection, claimed, ("C0ALERTS", "1.5", None), NOW)
    later = NOW + timedelta(hours=1)
    assert told(alert_engine, later, [result(3, "B", value=0.825)]) == {"update": 1}
    assert told(alert_engine, later) == {}
    assert column(alert_engine, outbox, "op") == ["open", "evidence", "update"]
