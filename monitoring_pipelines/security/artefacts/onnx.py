"""Files of ONNX, field by field: a graph is data, unless it names other files or foreign operators.

References
----------
.. [1] onnx.proto: ModelProto (graph 7, opset_import 8), TensorProto (external_data 13);
   Protocol Buffers, "Encoding".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitoring_pipelines.security.artefacts.outcome import UnsafeError, UnverifiedError, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.security.artefacts.stream import Bounded

# operators of the standard, of its machine-learning part, and of the converters from scikit-learn
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training"})
GRAPH, OPSETS, MAX_FIELD = 7, 8, 2 << 30
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
# a model begins with its version (field 1) and goes on with a text, the opset or the graph
_START = re.compile(rb"\x08[\x01-\x14](?:[\x12\x1a\x22\x32\x3a\x42]|\x28)", re.DOTALL)
_LOCATION = re.compile(rb"\x0a\x08location\x12(.)", re.DOTALL)


def looks_like_onnx(start: bytes) -> bool:
    r"""Whether a file begins as a model does.

    >>> looks_like_onnx(b"\x08\x08\x12\x07skl2onnx")
    True
    """
    return bool(_START.match(start))


def check_onnx(stream: Bounded) -> str:
    """Look into a model; what it is."""
    has_graph = False
    for number, value in _fields(stream):
        if number == OPSETS:
            _check_domain(value)
        elif number == GRAPH:
            has_graph = True
        _check_locations(value)
    if not has_graph:
        raise UnverifiedError("a model without a graph")
    return "an ONNX model"


def _fields(stream: Bounded) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of the outermost fields."""
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


def _check_domain(opset: bytes) -> None:
    length = opset[1] if opset[:1] == b"\x0a" and len(opset) > 1 else 0
    domain = opset[2 : 2 + length].decode("utf-8", "replace")
    if domain not in DOMAINS:
        raise UnverifiedError(f"operators of {name(domain)}, which are code from elsewhere")


def _check_locations(part: bytes) -> None:
    for match in _LOCATION.finditer(part):
        start = match.end()
        path = part[start : start + match[1][0]].decode("utf-8", "replace")
        if path.startswith(("/", "\\", "~")) or ".." in path or ":" in path:
            raise UnsafeError(f"reads another file: {name(path)}")
        raise UnverifiedError("its weights are in other files, which are not looked at")
