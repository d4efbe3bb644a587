"""Summaries as bytes: compact, the same for equal summaries, and exact to the last bit.

Layout: the header ``MPS1``, then deflated: four bytes with the length of the JSON text, the text,
and the numbers of all arrays. In the text an object has one key, which says what it is: the name
of a summary class (its fields follow), ``map``, ``time``, ``kind``, or an array with its shape
and length. Numbers of an array are stored byte plane by byte plane, since neighbours share
their high bytes; that halves the size of sorted edges.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.summaries.activity import Activity, Amounts
from monitoring_pipelines.summaries.binning import Binning, ColumnBinning
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.frame import VectorFrame
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.label_ages import LabelAges
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.leaves import LeafLosses, LossTree
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary
from monitoring_pipelines.summaries.partition import Partition, Partitions
from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.ratings import Ratings
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable
from monitoring_pipelines.summaries.selection import Selection
from monitoring_pipelines.summaries.table import TableSummary
from monitoring_pipelines.summaries.vectors import VectorMoments, Vectors, VectorSample

Summary: TypeAlias = (
    TableSummary
    | ColumnSummary
    | Histogram
    | Categories
    | Moments
    | LabelledSummary
    | ScoreTable
    | Confusion
    | Residuals
    | Ranked
    | Selection
    | LabelAges
    | Binning
    | ColumnBinning
    | Partition
    | Partitions
    | Occurrences
    | SecuritySummary
    | VectorMoments
    | VectorSample
    | Vectors
    | VectorFrame
    | Activity
    | Amounts
    | Ratings
    | LossTree
    | LeafLosses
)

CLASSES: dict[str, type[Any]] = {cls.__name__: cls for cls in Summary.__args__}
HEADER = b"MPS1"
DTYPES = {"f": "<f8", "i": "<i8"}
MAX_BYTES = 1 << 30  # a payload that inflates beyond this is not one of ours
# what reading bytes that are not ours can raise
DAMAGE = (
    zlib.error,
    struct.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
PLAIN = frozenset({str, int, float, bool, type(None)})
SHORTEST_ARRAY = 4  # shorter tuples of floats are smaller as text


def encode(summary: Summary) -> bytes:
    """The bytes of `summary`; mappings are sorted by name, so equal summaries are equal bytes."""
    writer = _Writer()
    text = json.dumps(writer.node(summary), separators=(",", ":")).encode()
    return HEADER + zlib.compress(struct.pack("<I", len(text)) + text + writer.numbers, 6)


def decode(payload: bytes) -> Any:
    """The summary that `encode` was given.

    Raises
    ------
    StoreError
        If the bytes are damaged, or of a newer release.
    """
    if payload[: len(HEADER)] != HEADER:
        raise StoreError(
            "A stored summary has an unknown format. It was written by a newer release, or it is "
            "damaged: upgrade the package, or run the window again."
        )
    try:
        return _decoded(payload[len(HEADER) :])
    except DAMAGE as error:
        raise StoreError(
            f"A stored summary is damaged ({type(error).__name__}: {error}). Run the window again."
        ) from None


def _decoded(deflated: bytes) -> Any:
    inflate = zlib.decompressobj()
    content = inflate.decompress(deflated, MAX_BYTES)
    if not inflate.eof or inflate.unused_data:
        raise ValueError("it does not end where it should")
    (length,) = struct.unpack_from("<I", content)
    text, numbers = content[4 : 4 + length], content[4 + length :]
    reader = _Reader(numbers)
    summary = reader.value(json.loads(text))
    if not isinstance(summary, tuple(CLASSES.values())) or reader.at != len(numbers):
        raise ValueError("it holds something else")
    return summary


@dataclass(slots=True)
class _Writer:
    """Turns values into JSON nodes and puts the arrays aside."""

    numbers: bytearray = field(default_factory=bytearray)

    def node(self, value: Any) -> Any:
        if value is None or isinstance(value, bool) or type(value) in (str, int, float):
            return value
        if isinstance(value, ColumnKind):
            return {"kind": value.value}
        if isinstance(value, datetime):
            moment = value.astimezone(UTC) if value.tzinfo else value
            return {"time": moment.isoformat()}
        if isinstance(value, np.generic):
            return self.node(value.item())
        return self.composite(value)

    def composite(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return {"array": self.array(value)}
        if isinstance(value, tuple):
            if len(value) >= SHORTEST_ARRAY and all(type(item) is float for item in value):
                return {"floats": self.array(np.asarray(value))}
            return [self.node(item) for item in value]
        if isinstance(value, Mapping):
            return {"map": [[key, self.node(value[key])] for key in sorted(value)]}
        if is_dataclass(value) and type(value).__name__ in CLASSES:
            content = {f.name: self.node(getattr(value, f.name)) for f in fields(value)}
            return {type(value).__name__: content}
        msg = f"a {type(value).__name__} is no part of a summary"
        raise TypeError(msg)

    def array(self, values: NDArray[Any]) -> list[Any]:
        kind = "f" if values.dtype.kind == "f" else "i"
        plain = np.ascontiguousarray(values, dtype=DTYPES[kind])
        self.numbers += plain.reshape(-1, 1).view(np.uint8).T.tobytes()
        return [kind, *values.shape]


class _Reader:
    """The way back; arrays are taken in the order in which they were put aside."""

    def __init__(self, numbers: bytes) -> None:
        self.numbers = numbers
        self.at = 0
        self.tags: dict[str, Callable[[Any], Any]] = {
            "kind": ColumnKind,
            "time": datetime.fromisoformat,
            "array": self.array,
            "floats": lambda node: tuple(self.array(node).tolist()),
            "map": lambda pairs: {key: self.value(node) for key, node in pairs},
        }

    def value(self, node: Any) -> Any:
        if isinstance(node, list):
            if PLAIN.issuperset(map(type, node)):  # levels and counts, by the thousand
                return tuple(node)
            return tuple(self.value(item) for item in node)
        if not isinstance(node, dict):
            return node
        ((tag, content),) = node.items()
        if tag in self.tags:
            return self.tags[tag](content)
        return CLASSES[tag](**{name: self.value(item) for name, item in content.items()})

    def array(self, node: list[Any]) -> NDArray[Any]:
        kind, *shape = node
        size = 8 * math.prod(shape)
        planes = np.frombuffer(self.numbers[self.at : self.at + size], dtype=np.uint8)
        self.at += size
        values = np.ascontiguousarray(planes.reshape(8, -1).T).view(DTYPES[kind])
        return values.reshape(shape).astype(DTYPES[kind][1:], copy=False)
