"""Headers of arrays, and what has to follow them."""

from __future__ import annotations

import io

import numpy as np
import pytest

from monitoring_pipelines.security.artefacts.arrays import MAGIC, check_array
from monitoring_pipelines.security.artefacts.outcome import Limits, UnverifiedError
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget
from tests.security.artefacts.hostile import array


def checked(data: bytes) -> str:
    return check_array(Bounded(io.BytesIO(data), Budget(1 << 20)), Limits())


@pytest.mark.parametrize(
    "value",
    [
        np.arange(3),
        np.zeros((0, 2)),
        np.array(1.5),
        np.array(["ab"]),
        np.array([(1, 2.0)], "i4,f8"),
    ],
    ids=str,
)
def test_numbers_are_data(value: np.ndarray) -> None:
    assert checked(array(value)) == f"an array of shape {value.shape}"


def test_objects_are_followed() -> None:
    assert checked(array(np.array([None, "x"], dtype=object))) == "an array of objects"


@pytest.mark.parametrize(
    "data",
    [
        MAGIC + b"\x09\x00\x10\x00",
        MAGIC + b"\x01\x00\xff\xff" + b"(" * 60_000,
        MAGIC + b"\x01\x00\x05\x00os()\n",
        array(np.arange(3)) + b"x",
        array(np.arange(3))[:-1],
    ],
)
def test_damage_is_said(data: bytes) -> None:
    with pytest.raises(UnverifiedError):
        checked(data)
