"""Days that paths name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from monitoring_pipelines.domain.path_date import USUAL, PathDate, usual_pattern
from monitoring_pipelines.errors import ConfigError

DAY = "2026-01-31T00:00:00+00:00"


@pytest.mark.parametrize(
    ("pattern", "path", "told"),
    [
        ("date=%Y-%m-%d", "runs/date=2026-01-31/7.traj", DAY),
        ("%Y-%m-%d", "runs/2026-01-31/7.traj", DAY),
        ("%Y-%m-%d", "runs/7_2026-01-31.json.gz", DAY),
        ("year=%Y/month=%m/day=%d", "s3://b/year=2026/month=1/day=31/x", DAY),
        ("%Y/%m/%d", "runs/2026/1/31/x", DAY),
        ("%Y%m%d", "runs/20260131/x", DAY),
        ("%Y-%m-%d/%H", "runs/2026-01-31/07/x", "2026-01-31T07:00:00+00:00"),
        ("%d.%m.%Y", "runs/31.01.2026/x", DAY),
        # the last one counts: folders above have dates of their own
        ("%Y-%m-%d", "/data/2025-12-24/runs/2026-01-31/x", DAY),
        # neither a part of a longer number nor a 13th month is a day
        ("%Y%m%d", "runs/920260131/x", None),
        ("%Y%m%d", "runs/202601315/x", None),
        ("%Y-%m-%d", "runs/2026-13-31/x", None),
        ("%Y-%m-%d", "runs/2026-01-31/2026-02-30.json", DAY),
        ("%Y-%m-%d", "runs/2026-0131/x", None),
        ("date=%Y-%m-%d", "runs/2026-01-31/x", None),
        # what is special in an expression is not in a pattern
        ("d.%Y-%m-%d", "runs/dx2026-01-31/x", None),
        ("%Y-%m-%d", "runs/today/x", None),
    ],
)
def test_the_day_of_a_path(pattern: str, path: str, told: str | None) -> None:
    found = PathDate(pattern).of(path)
    assert (found and found.isoformat()) == told


def test_the_day_begins_in_a_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = PathDate("%Y-%m-%d", berlin).of("2026-07-01")
    assert found == datetime(2026, 7, 1, tzinfo=berlin)
    assert found.isoformat() == "2026-07-01T00:00:00+02:00"


@pytest.mark.parametrize(
    "pattern", ["", "runs", "%Y-%m", "%Y-%m-%d %Y", "%y-%m-%d", "%Y%m%d%", "%"]
)
def test_a_pattern_without_a_day(pattern: str) -> None:
    with pytest.raises(ConfigError, match="names no day: write %Y, %m and %d"):
        PathDate(pattern)


def test_an_hour_is_told() -> None:
    assert not PathDate("%Y-%m-%d").is_hourly
    assert PathDate("%Y-%m-%dT%H").is_hourly


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (["a/date=2026-01-31/x", "a/date=2026-02-01/x"], "%Y-%m-%d"),
        (["year=2026/month=1/day=31/x"], "year=%Y/month=%m/day=%d"),
        (["2026/01/31/x", "2026/02/01/x"], "%Y/%m/%d"),
        (["a_20260131.json"], "%Y%m%d"),
        (["2026-01-31/x", "other/x"], None),
        ([], None),
    ],
)
def test_the_usual_pattern_of_paths(paths: list[str], pattern: str | None) -> None:
    assert usual_pattern(paths) == pattern
    assert pattern is None or pattern in USUAL
