"""All 336,776 departures from New York in 2013: how well does the delay at push-back tell the
delay on arrival?

Scheduled times are local and written as HHMM; ``time_hour`` is UTC as text. 9,430 flights were
cancelled or diverted and have no arrival delay, ever. A flight's label is known when it has
landed, taken as departure plus time in the air.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, windows_between
from monitoring_pipelines.pipeline.labels import changed_labels
from tests.golden.public_data import folder
from tests.pipeline.lab import Lab, declared

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = ZoneInfo("America/New_York")
FEATURES = ["carrier", "origin", "distance"]


def local(flights: pd.DataFrame) -> pd.Series[Any]:
    clock = flights["sched_dep_time"]
    days = pd.to_datetime(flights[["year", "month", "day"]])
    return days + pd.to_timedelta(clock // 100 * 60 + clock % 100, unit="m")


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    found = pd.read_parquet(folder() / "nycflights13" / "flights.parquet")
    found = found.assign(id=range(len(found)), at=local(found).astype("datetime64[us]"))
    # flights never leave in the hour that the clocks repeat, so every local time is one moment
    instant = found["at"].dt.tz_localize(ZONE).dt.tz_convert("UTC")
    minutes = found["dep_delay"] + found["air_time"]
    return found.assign(instant=instant, landed=instant + pd.to_timedelta(minutes, unit="m"))


@pytest.fixture(scope="module")
def lab(flights: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("flights"), config(), now=datetime(2014, 2, 1, tzinfo=UTC))
    names = ["id", "at", "time_hour", "dep_delay", *FEATURES]
    flights[names].to_parquet(lab.root / "log.parquet")
    known = flights[flights["arr_delay"].notna()]
    assert len(flights) - len(known) == 9_430
    known[["id", "arr_delay", "landed"]].to_parquet(lab.root / "labels.parquet")
    yield lab
    lab.store.engine.dispose()


def config(**more: Any) -> Any:
    values: dict[str, Any] = {
        "name": "flights",
        "task": "regression",
        "timezone": "America/New_York",
        "predictions": {
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction": "dep_delay"},
        },
        "labels": {
            "location": "labels.parquet",
            "columns": {"label": "arr_delay", "available_at": "landed"},
            "maturity": "2d",
        },
        "features": FEATURES,
        "reference": {"start": "2013-01-01", "end": "2013-02-01"},
    }
    return declared(**(values | more))


def test_days_over_the_year(lab: Lab, flights: pd.DataFrame) -> None:
    """Every ninth day, and both on which the clocks change."""
    windows = lab.model.windows(None, datetime(2014, 1, 1, tzinfo=ZONE), lab.now)
    assert len(windows) == 334
    changes = {(3, 10), (11, 3)}
    days = [
        window
        for i, window in enumerate(windows)
        if i % 9 == 0 or (window.start.month, window.start.day) in changes
    ]
    lab.run(*days)
    by_day = dict(iter(flights.groupby(flights["at"].dt.date)))
    for window in days:
        day = by_day[window.start.date()]
        assert lab.one(window, "volume").value == len(day)
        labelled = day[day["arr_delay"].notna()]
        coverage = lab.one(window, "label_coverage")
        assert coverage.value == pytest.approx(len(labelled) / len(day), abs=1e-9)
        error = (labelled["dep_delay"] - labelled["arr_delay"]).abs().mean()
        assert lab.one(window, "mae").value == pytest.approx(error, abs=1e-9)
    assert {result.value for result in lab.results(metric="undated_rows")} == {0.0}


def test_hours_of_one_day_by_utc_text(lab: Lab, flights: pd.DataFrame) -> None:
    """The same hours, whether cut by the local HHMM or by the text in UTC."""
    lab.config = config(
        name="hourly",
        window="hour",
        predictions={
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "time_hour", "prediction": "dep_delay"},
        },
    )
    day = datetime(2013, 7, 4, tzinfo=ZONE), datetime(2013, 7, 5, tzinfo=ZONE)
    windows = list(windows_between(*day, Cadence.HOUR, ZONE))
    lab.at_once(*windows)
    hours = flights.loc[flights["at"].dt.date == day[0].date(), "at"].dt.hour.value_counts()
    found = [lab.one(window, "volume").value for window in windows]
    assert found == [hours.get(hour, 0) for hour in range(24)]
    lab.config = config()


def test_numbers_are_provisional_until_the_labels_are_mature(
    lab: Lab, flights: pd.DataFrame
) -> None:
    lab.config = config(name="arriving", start="2013-05-01", end="2013-05-02")
    [window] = lab.model.windows(None, None, lab.now)
    day = flights[flights["at"].dt.date == window.start.date()]
    # when the window ends, at midnight, some of the evening's flights are in the air
    seen = []
    for now in (window.utc.end, datetime(2013, 5, 2, 9, tzinfo=UTC), lab.now):
        lab.now = now
        assert list(changed_labels(lab.model, lab.store, now)) == [window]
        lab.run(window)
        assert changed_labels(lab.model, lab.store, now) == {}
        known = day[day["arr_delay"].notna() & (day["landed"] <= now)]
        mae = lab.one(window, "mae")
        error = (known["dep_delay"] - known["arr_delay"]).abs().mean()
        assert mae.value == pytest.approx(error, abs=1e-9)
        assert mae.n == len(known)
        seen.append((mae.status, mae.n))
    assert [status for status, _ in seen] == [
        Status.PROVISIONAL,
        Status.PROVISIONAL,
        Status.FINAL,
    ]
    assert seen[0][1] < seen[1][1] <= seen[2][1] < len(day)
    assert lab.one(window, "label_coverage").verdict is Verdict.OK
    lab.config = config()
