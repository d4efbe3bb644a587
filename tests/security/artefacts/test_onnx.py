"""A graph is data; other files and foreign operators are not."""

from __future__ import annotations

import io

import pytest

from monitoring_pipelines.security.artefacts.onnx import check_onnx, looks_like_onnx
from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget
from tests.security.artefacts.benign import onnx_model
from tests.security.artefacts.hostile import onnx


def checked(data: bytes) -> str:
    return check_onnx(Bounded(io.BytesIO(data), Budget(1 << 20)))


def test_a_model_with_a_graph() -> None:
    assert looks_like_onnx(onnx_model())
    assert checked(onnx_model()) == "an ONNX model"


@pytest.mark.parametrize("path", [b"/etc/passwd", b"../x", b"C:x", b"~/.ssh/id", b"\\\\host\\x"])
def test_a_path_elsewhere_is_unsafe(path: bytes) -> None:
    with pytest.raises(UnsafeError, match="reads another file"):
        checked(onnx(path))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (onnx(b"weights"), "in other files"),
        (b"\x08\x08\x12\x03skl", "without a graph"),
        (onnx_model() + b"\x42\x09\x0a\x07acme.io", "operators of acme.io"),
        (b"\x08\x08\x3a\x7fx", "ends in the middle"),
        (b"\x08" + b"\xff" * 20, "does not end"),
        (b"\x0b\x08", "unknown kind"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, said: str) -> None:
    with pytest.raises(UnverifiedError, match=said):
        checked(data)
