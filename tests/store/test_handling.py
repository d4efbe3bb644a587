"""Events, silences and presses, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.silence import Silence, SilenceKind
from monitoring_pipelines.store import handling
from monitoring_pipelines.store.incidents import Event, record
from monitoring_pipelines.store.schema import messages
from tests.alerts.histories import START

if TYPE_CHECKING:
    import sqlalchemy as sa

HOUR = timedelta(hours=1)


def silence(id_: str, hours: int) -> Silence:
    return Silence(
        id=id_,
        kind=SilenceKind.MAINTENANCE,
        matchers={"model": "churn\x00*"},
        starts_at=START,
        ends_at=START + hours * HOUR,
        created_by="ana",
        reason="move\x00",
    )


def test_silences_come_back_until_they_are_over(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        for id_, hours in (("sil_b", 5), ("sil_a", 2)):
            handling.add_silence(connection, silence(id_, hours), START)
    with alert_engine.connect() as connection:
        assert [s.id for s in handling.silences(connection)] == ["sil_a", "sil_b"]
        (left,) = handling.silences(connection, START + 2 * HOUR)
    # what no database can hold was made harmless
    assert (left.id, left.kind, "\x00" in left.reason) == ("sil_b", SilenceKind.MAINTENANCE, False)
    with alert_engine.begin() as connection:
        assert handling.end_silence(connection, "sil_b", START + HOUR)
        assert not handling.end_silence(connection, "sil_b", START + HOUR)
        assert not handling.end_silence(connection, "sil_z", START + HOUR)
        assert [s.id for s in handling.silences(connection, START + HOUR)] == ["sil_a"]


def test_a_press_is_obeyed_once(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        assert not handling.seen(connection, "envelope-1", {}, START)
        assert handling.seen(connection, "envelope-1", {}, START)


def test_events_are_in_their_order_and_by_incident(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        for type_ in ("opened", "acknowledged"):
            record(connection, "inc_1", Event(type_, "ana", {"a": 1}), START)
        record(connection, "inc_2", Event("opened", "run:1", {}), START)
        found = handling.events(connection, ["inc_1", "inc_3"])
    assert {key: [e.type for e in told] for key, told in found.items()} == {
        "inc_1": ["opened", "acknowledged"]
    }


def test_channels_of_an_incident(alert_engine: sa.Engine) -> None:
    with alert_engine.begin() as connection:
        for incident, channel in (("inc_1", "C1"), ("inc_1", "C2"), ("inc_2", "C3")):
            values = {"incident_id": incident, "destination": f"slack:{channel}", "ts": "1.0"}
            connection.execute(messages.insert().values(values | {"channel": channel}))
        assert handling.channels(connection, "inc_1") == {"C1", "C2"}
        assert handling.channels(connection, "inc_3") == set()
