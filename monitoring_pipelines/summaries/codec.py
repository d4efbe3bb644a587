"""Summaries to bytes and back: compact, the same bytes for equal summaries, no code in them."""

from __future__ import annotations

import base64
import json
import types
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from monitoring_pipelines.errors import StoreError
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.table import TableSummary

Summary = TableSummary | LabelledSummary | Binning

KINDS: dict[str, type[Any]] = {c.__name__: c for c in (TableSummary, LabelledSummary, Binning)}
FORMAT = 1
DAMAGED = "A stored summary is damaged; run its window again."


def encode(summary: Summary) -> bytes:
    """Compressed JSON; arrays as little-endian bytes, floats to the last digit."""
    document = {"format": FORMAT, "kind": type(summary).__name__, "value": _plain(summary)}
    text = json.dumps(document, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode(), 6)


def decode(payload: bytes) -> Summary:
    """Rebuild a summary.

    Raises
    ------
    StoreError
        If the bytes are none of ours, or of a newer release.
    """
    try:
        document = json.loads(zlib.decompress(payload))
        if document["format"] != FORMAT:
            raise StoreError(
                f"A stored summary has the format {document['format']}, this release reads "
                f"{FORMAT}. Install the release that wrote it, or start with an empty database."
            )
        found: Summary = _built(KINDS[document["kind"]], document["value"])
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise StoreError(DAMAGED) from error
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, np.ndarray):
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return [value.dtype.str, list(value.shape), data]
    if isinstance(value, Mapping):
        return [[key, _plain(item)] for key, item in value.items()]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _built(kind: Any, value: Any) -> Any:
    """Make a `kind`, a class or annotation of the summaries, from its plain form."""
    if value is None:
        return None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _built(next(a for a in arguments if a is not type(None)), value)
    if origin in _CONTAINERS:
        return _CONTAINERS[origin](arguments, value)
    if is_dataclass(kind):
        return _record(kind, value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value


def _record(kind: Any, value: Any) -> Any:
    hints = get_type_hints(kind)
    parts = zip(fields(kind), value, strict=True)
    return kind(**{field.name: _built(hints[field.name], part) for field, part in parts})


def _array(_: Any, value: Any) -> Any:
    name, shape, data = value
    if name not in {"<f8", "<i8"}:
        raise StoreError(DAMAGED)
    return np.frombuffer(base64.b64decode(data), dtype=np.dtype(name)).reshape(shape)


def _tuple(arguments: Any, value: Any) -> tuple[Any, ...]:
    # long tuples of plain values are taken as they are
    plain = arguments[0] in {int, float, str}
    return tuple(value) if plain else tuple(_built(arguments[0], item) for item in value)


def _mapping(arguments: Any, value: Any) -> dict[str, Any]:
    return {key: _built(arguments[1], item) for key, item in value}


_CONTAINERS = {tuple: _tuple, Mapping: _mapping, np.ndarray: _array}
