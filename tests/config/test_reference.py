"""Exactly one way to say what a window is compared with."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.reference import Reference

ONE = (
    "A reference is exactly one of {start, end}, {location}, {rolling}, {same_weekday} or "
    "{previous_version: true}."
)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, ONE),
        ({"rolling": 3, "same_weekday": 3}, ONE),
        ({"previous_version": True, "rolling": 3}, ONE),
        ({"previous_version": False}, ONE),
        ({"start": "2026-01-01", "end": "2026-02-01", "location": "a.parquet"}, ONE),
        ({"start": "2026-01-01"}, "A reference period needs both `start` and `end`."),
        (
            {"start": "2026-02-01", "end": "2026-01-01"},
            "The reference ends (2026-01-01) before it starts (2026-02-01).",
        ),
        ({"rolling": 0}, "Input should be greater than or equal to 1"),
        ({"rolling": 1_000}, "Input should be less than or equal to 366"),
        ({"roling": 3}, "Unknown key 'roling'. Did you mean 'rolling'? "),
    ],
)
def test_what_cannot_be(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        Reference.model_validate(values)
    assert error.value.errors()[0]["msg"].removeprefix("Value error, ").startswith(sentence)


@pytest.mark.parametrize(
    ("values", "moves"),
    [
        ({"start": "2026-01-01", "end": "2026-02-01"}, False),
        ({"location": "a.parquet"}, False),
        ({"rolling": 28}, True),
        ({"same_weekday": 8}, True),
        ({"previous_version": True}, True),
    ],
)
def test_only_earlier_windows_move(values: dict[str, Any], *, moves: bool) -> None:
    assert Reference.model_validate(values).moves is moves
