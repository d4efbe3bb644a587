"""Files of ONNX, field by field: a graph is data, unless it names other files or foreign operators.

References
----------
.. [1] onnx.proto (numbers of the fields); Protocol Buffers, "Encoding": fields stand in any order,
   and may stand again.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError, name
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

# operators of the standard, of its machine-learning part, and of the converters from scikit-learn
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training"})
MAX_FIELD = 2 << 30
# parts that can hold an operator's domain or a place of numbers, by part and number of the field
PARTS = {
    ("model", 7): "graph", ("model", 8): "opset", ("model", 20): "training",
    ("model", 25): "function",
    ("training", 1): "graph", ("training", 2): "graph",
    ("function", 7): "node", ("function", 9): "opset", ("function", 11): "attribute",
    ("graph", 1): "node", ("graph", 5): "tensor", ("graph", 15): "sparse",
    ("node", 5): "attribute",
    ("attribute", 5): "tensor", ("attribute", 10): "tensor", ("attribute", 6): "graph",
    ("attribute", 11): "graph", ("attribute", 22): "sparse", ("attribute", 23): "sparse",
    ("sparse", 1): "tensor", ("sparse", 2): "tensor",
    ("tensor", 13): "entry",
    ("opset", 1): "domain", ("entry", 2): "place",
}  # fmt: skip
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
# a model begins with its version (field 1) and goes on with a text, the opset or the graph
_START = re.compile(rb"\x08[\x01-\x14](?:[\x12\x1a\x22\x32\x3a\x42]|\x28)", re.DOTALL)


def looks_like_onnx(start: bytes) -> bool:
    r"""Whether a file begins as a model does.

    >>> looks_like_onnx(b"\x08\x08\x12\x07skl2onnx")
    True
    """
    return bool(_START.match(start))


def check_onnx(stream: Bounded) -> str:
    """Look into a model; what it is."""
    seen, todo = set[str](), [("model", stream)]
    while todo:
        part, opened = todo.pop()
        for number, value in _fields(opened):
            inner = PARTS.get((part, number), "")
            seen.add(inner)
            if inner == "domain":
                _check_domain(value)
            elif inner == "place":
                _check_place(value)
            elif inner:
                todo.append((inner, Bounded(io.BytesIO(value), Budget(len(value)))))
    if "entry" in seen:
        raise UnverifiedError("its weights are in other files, which are not looked at")
    if "graph" not in seen:
        raise UnverifiedError("a model without a graph")
    return "an ONNX model"


def _fields(stream: Bounded) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of the fields with contents."""
    while stream.peek(1):
        tag = _varint(stream)
        number, wire = tag >> 3, tag & 7
        if wire == LENGTH:
            length = _varint(stream)
            if length > MAX_FIELD:
                raise UnverifiedError("a part larger than ONNX allows")
            value = stream.read(length)
            if len(value) < length:
                raise UnverifiedError("it ends in the middle")
            yield number, value
        elif wire == VARINT:
            _varint(stream)
        elif wire in {FIXED64, FIXED32}:
            stream.skip(8 if wire == FIXED64 else 4)
        else:
            raise UnverifiedError("no ONNX model: an unknown kind of field")


def _varint(stream: Bounded) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = stream.read(1)
        if not byte:
            raise UnverifiedError("it ends in the middle")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:  # noqa: PLR2004 - the highest bit says that more follow
            return value
    raise UnverifiedError("no ONNX model: a number that does not end")


def _check_domain(value: bytes) -> None:
    domain = value.decode("utf-8", "replace")
    if domain not in DOMAINS:
        raise UnverifiedError(f"operators of {name(domain)}, which are code from elsewhere")


def _check_place(value: bytes) -> None:
    path = value.decode("utf-8", "replace")
    if path.startswith(("/", "\\", "~")) or ".." in path or ":" in path:
        raise UnsafeError(f"reads another file: {name(path)}")
