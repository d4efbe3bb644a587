"""When many models have one kind of trouble; end to end in `tests/pipeline/test_storms.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.incidents import save_incident
from monitoring_pipelines.store.outbox import Told
from monitoring_pipelines.store.storm import ALONE, CALM, crowd, storm
from tests.alerts.histories import START as NOW

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

HERE, MINUTE = "slack:C0ALERTS", timedelta(minutes=1)


def add(connection: sa.Connection, number: int, at: datetime, **other: Any) -> None:
    """Open an incident of model `number`, and queue its first message."""
    place, under = other.pop("place", HERE), other.pop("under", None)
    row = {
        "id": f"inc_{number}", "model": f"model_{number}", "cause": Cause.SILENCE,
        "state": "open", "severity": "high", "opened_window": NOW, "last_window": NOW,
        "resolved_window": None, "conditions": [], "title": "", "announced": True,
        "acknowledged_by": None, "acknowledged_until": None, "silenced_until": None,
        "inhibited_by": None, "feedback": None,
    }  # fmt: skip
    assert save_incident(connection, row | other, None, "run-1", at)
    outbox.enqueue(connection, f"inc_{number}", place, Told(1, Op.OPEN, {}, under=under), at)


def found(connection: sa.Connection, at: datetime = NOW, place: str = HERE) -> str | None:
    return storm(connection, place, Cause.SILENCE, "churn", at)


def test_from_the_fourth_model_on_they_are_told_under_the_first(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        for number in range(ALONE):
            assert found(connection) is None
            add(connection, number, NOW)
        assert found(connection) == "inc_0"
        add(connection, 9, NOW, under="inc_0")
        assert found(connection) == "inc_0"
        assert (crowd(connection, "inc_0", HERE), crowd(connection, "inc_1", HERE)) == (1, 0)


def test_it_lasts_while_models_join_and_is_over_when_it_is_calm(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        for number in range(5):
            add(connection, number, NOW + number * CALM)
        end = NOW + 4 * CALM
        assert found(connection, end + CALM) == "inc_0"
        assert found(connection, end + CALM + MINUTE) is None


@pytest.mark.parametrize(
    "other",
    [
        {"cause": Cause.PERFORMANCE},
        {"model": "churn"},
        {"place": "slack:C0OTHER"},
        {"state": "resolved", "resolved_window": NOW},
    ],
)
def test_other_trouble_is_no_part_of_it(alert_engine: sa.Engine, other: dict[str, Any]) -> None:
    with alert_engine.begin() as connection:
        for number in range(5):
            add(connection, number, NOW, **other)
        assert found(connection) is None
