from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.domain.window import Cadence


def settings(channel: str | None) -> AlertSettings:
    return AlertSettings(
        model="churn",
        owner="team:growth",
        cadence=Cadence.DAY,
        zone=ZoneInfo("Europe/Berlin"),
        channel=channel,
    )


def test_a_window_is_named_in_the_zone_of_the_model() -> None:
    # midnight in Berlin is 23:00 UTC of the day before
    assert settings(None).key(datetime(2026, 11, 21, 23, tzinfo=UTC)) == "2026-11-22"


def test_without_a_channel_there_is_no_destination() -> None:
    assert settings(None).destination is None
    assert settings("C0ALERTS").destination == "slack:C0ALERTS"
