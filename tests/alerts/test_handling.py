from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring_pipelines.alerts.handling import Feedback, Handling, Happened, handling

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
UNTIL = {"until": (NOW + DAY).isoformat()}


def events(*told: tuple[str, str, dict[str, Any]]) -> list[Happened]:
    return [Happened(at=NOW, type=t, actor=a, payload=p) for t, a, p in told]


def test_the_last_one_who_acknowledged_it_has_it_until_its_end() -> None:
    later = {"until": (NOW + 2 * DAY).isoformat()}
    found = handling(events(("acknowledged", "ana", UNTIL), ("acknowledged", "bo", later)))
    assert found == Handling(acknowledged_by="bo", acknowledged_until=NOW + 2 * DAY)
    assert found.is_acknowledged(NOW + DAY)
    assert not found.is_acknowledged(NOW + 2 * DAY)
    assert not Handling().is_acknowledged(NOW)


@pytest.mark.parametrize("breaks", ["unacknowledged", "severity", "reopened"])
def test_what_makes_it_another_matter_breaks_it(breaks: str) -> None:
    told = events(("acknowledged", "ana", UNTIL), ("feedback", "bo", {"verdict": "expected"}))
    assert handling([*told, *events((breaks, "run:1", {}))]) == Handling(feedback=Feedback.EXPECTED)


def test_other_events_change_nothing() -> None:
    told = events(("opened", "run:1", {}), ("resolved", "run:2", {}))
    assert handling(told) == Handling()
