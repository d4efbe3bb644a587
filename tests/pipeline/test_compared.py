"""Single windows of a reference, by its policy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitoring_pipelines.domain.window import window_of
from monitoring_pipelines.pipeline.compared import compared
from tests.pipeline.lab import FIRST, declared

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("reference", "most", "days"),
    [
        ({"start": "2026-01-01", "end": "2026-01-05"}, 9, [3, 2, 1, 0]),
        ({"start": "2026-01-01", "end": "2026-01-05"}, 2, [3, 2]),
        ({"rolling": 3}, 9, [29, 28, 27]),
        ({"same_weekday": 2}, 9, [23, 16]),
        ({"location": "ref.parquet"}, 9, []),
    ],
    ids=str,
)
def test_windows_newest_first(reference: dict[str, Any], most: int, days: list[int]) -> None:
    config = declared(reference=reference, start="2026-01-20")
    window = window_of(FIRST + 30 * DAY, config.window, config.zone)
    assert [(one.start - FIRST) // DAY for one in compared(config, window, most)] == days
