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


def field(number: int, content: bytes) -> bytes:
    """A field of protobuf with a content; its number may take two bytes."""
    tag = number << 3 | 2
    head = bytes([tag]) if tag < 128 else bytes([tag & 0x7F | 0x80, tag >> 7])
    return head + bytes([len(content)]) + content


START, OPERATORS = b"\x08\x08\x12\x03skl", "operators of acme.io"
# places of a tensor: initial value, sparse one, attribute of a node, of a function, of a training
ENTRY = field(13, field(2, b"/etc/passwd") + field(1, b"location"))
NODE = field(5, field(5, ENTRY))


@pytest.mark.parametrize(
    "model",
    [
        field(7, field(5, ENTRY)),
        field(7, field(15, field(1, ENTRY))),
        field(7, field(1, NODE)),
        field(7, field(1, field(5, field(6, field(1, NODE))))),
        field(7, b"") + field(25, field(7, NODE)),
        field(7, b"") + field(20, field(1, field(5, ENTRY))),
    ],
)
def test_a_path_is_found_wherever_a_tensor_may_be_and_in_any_order(model: bytes) -> None:
    with pytest.raises(UnsafeError, match="reads another file: /etc/passwd"):
        checked(START + model)


def test_a_name_like_a_place_is_no_place() -> None:
    node = field(1, b"location") + field(2, b"/x")  # an input and an output
    assert checked(START + field(7, field(1, node))) == "an ONNX model"


@pytest.mark.parametrize(
    "opset",
    [
        b"\x10\x01" + field(1, b"acme.io"),  # its version first
        field(1, b"") + field(1, b"acme.io"),  # the last one counts
        b"\x0a\x87\x00acme.io",  # a length in two bytes
    ],
)
def test_a_foreign_operator_is_found_however_it_is_written(opset: bytes) -> None:
    for model in (field(8, opset), field(25, field(9, opset))):
        with pytest.raises(UnverifiedError, match=OPERATORS):
            checked(START + field(7, b"") + model)


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
