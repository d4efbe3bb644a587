"""A result is complete and frozen."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, window_of

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def result(**changes: object) -> Result:
    whole: dict[str, object] = {
        "model": "m",
        "window": window_of(NOON, Cadence.DAY, UTC),
        "metric": "psi",
        "as_of": NOON,
        "value": 0.1,
        "n": 10,
        "verdict": Verdict.OK,
        "reason": "it is small",
        "status": Status.FINAL,
    }
    return Result(**{**whole, **changes})  # type: ignore[arg-type]


def test_is_frozen_and_comparable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result().value = 0.2  # type: ignore[misc]
    assert result() == result()
    assert result(value=None) != result()


def test_all_rows_and_the_whole_window_are_the_default() -> None:
    assert (result().segment, result().column) == ("", "")
