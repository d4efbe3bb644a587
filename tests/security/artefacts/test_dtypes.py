"""Sizes of numbers are those that numpy itself has for the same code and state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.security.artefacts.dtypes import DTYPE, item_size
from monitoring_pipelines.security.artefacts.outcome import UnverifiedError
from monitoring_pipelines.security.artefacts.values import Made, Name


@pytest.mark.parametrize(
    "dtype",
    ["b1", "i1", "<i8", ">u4", "f2", "f8", "c16", "M8[s]", "m8[ns]", "S3", "U5", "V7", "U0",
     [("a", "f8"), ("b", "i4")]],
)  # fmt: skip
def test_a_size_is_that_of_numpy(dtype: Any) -> None:
    found = np.dtype(dtype)
    _, arguments, *state = found.__reduce__()
    assert item_size(Made(DTYPE, arguments, *state)) == found.itemsize
    assert not found.hasobject


@pytest.mark.parametrize("dtype", ["O", [("a", "O"), ("b", "f8")]])
def test_objects_have_no_size(dtype: Any) -> None:
    _, arguments, *state = np.dtype(dtype).__reduce__()
    assert item_size(Made(DTYPE, arguments, *state)) is None


def state(size: Any = -1, flags: Any = 0, version: int = 3) -> tuple[Any, ...]:
    return (version, "<", None, None, None, size, -1, flags)


def test_a_state_sets_the_size_of_texts_and_makes_objects_of_numbers() -> None:
    # as numpy does: see the same calls on numpy's own types
    for code, size, flags, expected in [("S1", 40, 0, 40), ("f8", 40, 0, 8), ("f8", -1, 1, None)]:
        own = np.dtype(code, copy=True)
        own.__setstate__(state(size, flags))
        assert item_size(Made(DTYPE, (code,), state(size, flags))) == expected
        assert own.hasobject if expected is None else own.itemsize == expected


@pytest.mark.parametrize(
    "dtype",
    [
        None,
        "f8",
        Made(Name("builtins", "str"), ("f8",)),
        Made(DTYPE, ("i",)),  # four bytes, and not one
        Made(DTYPE, ("?",)),
        Made(DTYPE, (b"f8",)),
        Made(DTYPE, ("f8",), {}),
        Made(DTYPE, ("f8",), state(version=2)),
        Made(DTYPE, ("f8",), state()[:7]),
        Made(DTYPE, ("S1",), state(size=None)),
        Made(DTYPE, ("S1",), state(size=-1)),
        Made(DTYPE, ("f8",), state(flags="1")),
        Made(DTYPE, ("O8",), state(flags=0)),
    ],
)
def test_what_cannot_be_told_is_no_size(dtype: Any) -> None:
    with pytest.raises(UnverifiedError):
        item_size(dtype)
