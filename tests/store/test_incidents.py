from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.alerts.triage import Fingerprint
from monitoring_pipelines.store.incidents import (
    Event,
    firing,
    forget,
    record,
    save_conditions,
    save_incident,
    stored,
)
from monitoring_pipelines.store.schema import conditions, incident_events
from tests.alerts.histories import START

if TYPE_CHECKING:
    from collections.abc import Mapping

LATER = START + timedelta(hours=1)


def incident(**other: Any) -> dict[str, Any]:
    return {
        "id": "inc_1", "model": "churn", "cause": "performance", "state": "open",
        "severity": "high", "opened_window": START, "last_window": START,
        "resolved_window": None, "title": "roc_auc", "conditions": ["a"], "announced": True,
    } | other  # fmt: skip


def condition(key: str, **other: Any) -> dict[str, Any]:
    return {
        "fingerprint": key, "model": "churn", "cause": "performance", "segment": "",
        "metric": "roc_auc", "column": "", "state": "firing", "severity": "high",
        "since_window": START, "last_window": START, "flapping": False, "incident_id": "inc_1",
    } | other  # fmt: skip


def test_an_incident_is_written_only_if_it_differs(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        assert save_incident(connection, incident(), None, "run1", START)
        known = stored(connection, "churn")["inc_1"]
        assert not save_incident(connection, incident(), known, "run2", LATER)
        assert stored(connection, "churn")["inc_1"]["run_id"] == "run1"
        assert save_incident(connection, incident(state="resolved"), known, "run2", LATER)
        found = stored(connection, "churn")["inc_1"]
        assert (found["state"], found["run_id"], found["updated_at"]) == ("resolved", "run2", LATER)
        assert stored(connection, "fraud") == {}


def test_conditions_become_exactly_what_is_given(alert_engine: sa.Engine) -> None:
    def save(rows: Mapping[str, Any], now: Any) -> dict[str, Any]:
        with alert_engine.begin() as connection:
            save_conditions(connection, "churn", rows, now)
            query = sa.select(conditions.c.fingerprint, conditions.c.state, conditions.c.updated_at)
            return {key: (state, at) for key, state, at in connection.execute(query)}

    first = save({"a": condition("a"), "b": condition("b")}, START)
    assert first == {"a": ("firing", START), "b": ("firing", START)}
    second = save({"a": condition("a"), "c": condition("c", state="ok")}, LATER)
    assert second == {"a": ("firing", START), "c": ("ok", LATER)}


def test_what_open_incidents_are_about(alert_engine: sa.Engine) -> None:
    rows = {
        "a": condition("a"),
        "b": condition("b", column="age"),
        "c": condition("c", incident_id=None),
    }
    with alert_engine.begin() as connection:
        save_conditions(connection, "churn", rows, START)
        found = firing(connection)
    about = [Fingerprint("churn", "", "roc_auc", column) for column in ("", "age")]
    assert {id_: sorted(names) for id_, names in found.items()} == {"inc_1": about}


def test_events_are_numbered_per_incident_and_forgotten_with_it(alert_engine: sa.Engine) -> None:
    def events() -> list[tuple[str, int, str]]:
        table = incident_events.c
        query = sa.select(table.incident_id, table.seq, table.type)
        return sorted(tuple(row) for row in connection.execute(query))

    with alert_engine.begin() as connection:
        for id_ in ("inc_1", "inc_2"):
            save_incident(connection, incident(id=id_), None, "run1", START)
            record(connection, id_, Event("opened", "run:run1", {}), START)
        record(connection, "inc_1", Event("resolved", "run:run1", {"window": "w"}), LATER)
        assert events() == [
            ("inc_1", 1, "opened"), ("inc_1", 2, "resolved"), ("inc_2", 1, "opened"),
        ]  # fmt: skip
        forget(connection, ["inc_1"])
        assert events() == [("inc_2", 1, "opened")]
        assert list(stored(connection, "churn")) == ["inc_2"]
