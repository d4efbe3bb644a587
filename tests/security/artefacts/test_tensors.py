"""The header accounts for every byte, or the file is refused."""

from __future__ import annotations

import io
from typing import Any

import pytest

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget
from monitoring_pipelines.security.artefacts.tensors import check_tensors, looks_like_tensors
from tests.security.artefacts.hostile import tensors


def checked(header: dict[str, Any], data: bytes) -> str:
    return check_tensors(Bounded(io.BytesIO(tensors(header, data)), Budget(1 << 20)))


def test_tensors_in_any_order() -> None:
    header = {"b": {"data_offsets": [4, 8]}, "a": {"data_offsets": [0, 4]}, "__metadata__": {}}
    assert looks_like_tensors(tensors(header)[:16])
    assert checked(header, b"\0" * 8) == "2 tensors"


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ({"a": {"data_offsets": [0, 4]}}, b"\0" * 3),
        ({"a": {"data_offsets": [0, 4]}}, b"\0" * 5),
        ({"a": {"data_offsets": [4, 8]}}, b"\0" * 8),
        ({"a": {"data_offsets": [0, 6]}, "b": {"data_offsets": [4, 8]}}, b"\0" * 8),
        ({"a": {"data_offsets": [4, 0]}}, b""),
        ({"a": {}}, b""),
        ({"a": 1}, b""),
    ],
)
def test_what_does_not_fit_is_said(header: dict[str, Any], data: bytes) -> None:
    with pytest.raises(UnverifiedError):
        checked(header, data)
