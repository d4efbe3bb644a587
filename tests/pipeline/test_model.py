"""Which windows a model has by now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.model import Model
from tests.pipeline.lab import declared

HERE = Path()
NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


def starts(model: Model, start: datetime | None = None, end: datetime | None = None) -> list[int]:
    return [window.start.day for window in model.windows(start, end, NOW)]


def test_only_windows_that_are_over() -> None:
    assert starts(Model(declared(), HERE, HERE)) == [3, 4, 5, 6]


def test_a_period_is_cut_out_of_the_monitored_time() -> None:
    model = Model(declared(end="2026-01-06"), HERE, HERE)
    assert starts(model) == [3, 4, 5]
    assert starts(model, datetime(2025, 1, 1, tzinfo=UTC)) == [3, 4, 5]
    assert starts(model, datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)) == [4]


def test_a_window_is_named_by_its_start() -> None:
    model = Model(declared(), HERE, HERE)
    start = datetime(2026, 1, 4, tzinfo=UTC)
    assert model.window(start).end == start + timedelta(days=1)
    with pytest.raises(ConfigError, match="No window of 'credit' starts at 2026-01-04 01:00"):
        model.window(start + timedelta(hours=1))


def test_maturity_is_that_of_the_labels() -> None:
    assert Model(declared(), HERE, HERE).maturity == timedelta(days=5)
    assert Model(declared(labels=None), HERE, HERE).maturity == timedelta(0)
