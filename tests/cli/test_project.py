"""Moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
import pytest

from monitoring_pipelines.cli.project import Moment, moment


def test_a_day_begins_in_the_models_zone() -> None:
    day = Moment().convert("2026-03-01", None, None)
    assert moment(day, ZoneInfo("America/New_York")) == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert moment(None) is None


def test_a_time_may_name_its_own_zone() -> None:
    time = Moment().convert("2026-03-01T13:00+01:00", None, None)
    assert moment(time, ZoneInfo("America/New_York")) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="'1.3.2026' is no day; write 2026-11-05"):
        Moment().convert("1.3.2026", None, None)
