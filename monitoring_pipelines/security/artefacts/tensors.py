"""Files of safetensors: a length, a JSON header, and numbers that the header accounts for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError

if TYPE_CHECKING:
    from monitoring_pipelines.security.artefacts.stream import Bounded

MAX_HEADER = 100 << 20  # as the format itself allows


def looks_like_tensors(start: bytes) -> bool:
    r"""Whether a file begins as this format does.

    >>> looks_like_tensors(b"\x02" + bytes(7) + b"{}")
    True
    """
    length = int.from_bytes(start[:8], "little")
    return len(start) > 8 and start[8:9] == b"{" and 2 <= length <= MAX_HEADER  # noqa: PLR2004


def check_tensors(stream: Bounded) -> str:
    """Look into a file; what it is."""
    length = int.from_bytes(stream.read(8), "little")
    try:
        header: dict[str, Any] = json.loads(stream.read(length))
        ends = [entry["data_offsets"] for key, entry in header.items() if key != "__metadata__"]
        spans = sorted((int(start), int(end)) for start, end in ends)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnverifiedError("tensors with a damaged header") from error
    at = 0
    for start, end in spans:
        if start != at or end < start:
            raise UnverifiedError("tensors that overlap or leave a hole")
        at = end
    stream.skip(at)
    if stream.read(1):
        raise UnverifiedError("data behind the last tensor")
    return f"{len(spans)} tensors"
