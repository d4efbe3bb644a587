from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import Cadence, windows_between
from monitoring_pipelines.orchestration.partitions import partitions_of, window_of_key
from tests.dagster_project import attributes

NEW_YORK = "America/New_York"
# clocks in New York: forward on 2026-03-08, back on 2026-11-01
SPANS = {
    Cadence.HOUR: [("2026-03-07", "2026-03-10"), ("2026-10-31", "2026-11-03")],
    Cadence.DAY: [("2026-03-01", "2026-03-20"), ("2026-10-20", "2026-11-10")],
    Cadence.WEEK: [("2026-02-01", "2026-12-15")],
    Cadence.MONTH: [("2025-11-01", "2027-02-01")],
    Cadence.YEAR: [("2020-01-01", "2026-01-01")],
}
# starts and ends inside a window
CUT = [(Cadence.WEEK, "2026-03-04", "2026-04-09"), (Cadence.MONTH, "2026-01-15", "2026-04-10")]
CASES = [(cadence, *span) for cadence, spans in SPANS.items() for span in spans] + CUT


def config(cadence: Cadence, start: str, end: str | None, zone: str) -> ModelConfig:
    return ModelConfig.model_validate(
        attributes(window=cadence.value, start=start, end=end, timezone=zone)
    )


@pytest.mark.parametrize("zone", ["UTC", NEW_YORK, "Asia/Kolkata"])
@pytest.mark.parametrize(("cadence", "start", "end"), CASES)
def test_keys_are_those_of_the_windows(cadence: Cadence, start: str, end: str, zone: str) -> None:
    model = config(cadence, start, end, zone)
    assert model.last is not None
    windows = list(windows_between(model.first, model.last, cadence, model.zone))
    partitions = partitions_of(model)
    after = datetime(2030, 1, 1, tzinfo=UTC)
    assert partitions.get_partition_keys(after) == [window.key(cadence) for window in windows]
    for window in windows:
        assert window_of_key(partitions, window.key(cadence)).utc == window.utc


def test_the_repeated_hour_of_a_clock_change_has_two_keys_or_one_window() -> None:
    model = config(Cadence.HOUR, "2026-11-01", "2026-11-02", NEW_YORK)
    keys = partitions_of(model).get_partition_keys(datetime(2030, 1, 1, tzinfo=UTC))
    assert len(keys) == 25
    assert len(set(keys)) == 25


def test_a_day_of_a_clock_change_has_23_or_25_hours() -> None:
    partitions = partitions_of(config(Cadence.DAY, "2026-01-01", None, NEW_YORK))
    for key, hours in (("2026-03-08", 23), ("2026-11-01", 25), ("2026-03-09", 24)):
        window = window_of_key(partitions, key)
        assert (window.utc.end - window.utc.start).total_seconds() == hours * 3600


def test_a_window_has_a_partition_once_it_is_over() -> None:
    partitions = partitions_of(config(Cadence.DAY, "2026-03-01", None, NEW_YORK))
    midnight = datetime(2026, 3, 6, tzinfo=ZoneInfo(NEW_YORK))
    assert partitions.get_partition_keys(midnight)[-1] == "2026-03-05"
