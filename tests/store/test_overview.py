"""What happened in a period, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.store import overview
from monitoring_pipelines.store.incidents import Event, record, save_incident
from tests.alerts.histories import START, day, result, results
from tests.databases import put

if TYPE_CHECKING:
    import sqlalchemy as sa

WEEK = (START, START + timedelta(days=7))


def test_what_became_known_in_the_period_counts_with_its_last_evaluation(
    alert_engine: sa.Engine,
) -> None:
    # the labels of the first window come on the fifth day and again after the week
    late = [result(0, "B", as_of=day(5).end), result(0, "o", as_of=day(9).end)]
    put(alert_engine, [*results("oooooo" + "BB"), *late])
    with alert_engine.connect() as connection:
        found = overview.verdicts(connection, WEEK)
        assert [(c.verdict, c.n) for c in found] == [("fail", 2), ("ok", 5)]
        after = (WEEK[1], WEEK[1] + timedelta(days=7))
        found = overview.verdicts(connection, after)
        assert [(c.verdict, c.n) for c in found] == [("fail", 1), ("ok", 1)]
        assert overview.newest_windows(connection) == {"churn": day(7).end}


def test_events_are_of_the_period_and_name_their_model(alert_engine: sa.Engine) -> None:
    row: dict[str, Any] = {
        "id": "inc_1", "model": "churn", "cause": "silence", "state": "open", "severity": "high",
        "opened_window": day(1).start, "last_window": day(1).start, "resolved_window": None,
        "title": "x", "conditions": [], "announced": True,
    }  # fmt: skip
    with alert_engine.begin() as connection:
        save_incident(connection, row, None, "run", START)
        record(connection, "inc_1", Event("opened", "run:1", {}), WEEK[0])
        record(connection, "inc_1", Event("acknowledged", "ana", {}), WEEK[1])
    with alert_engine.connect() as connection:
        (event,) = overview.events(connection, WEEK)
        assert (event["type"], event["model"]) == ("acknowledged", "churn")
        assert [i["id"] for i in overview.open_incidents(connection)] == ["inc_1"]
        assert overview.n_sent(connection, WEEK) == 0
