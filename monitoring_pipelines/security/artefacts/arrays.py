"""Files of numpy: an array of numbers is data, one of objects is a pickle behind a header."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError
from monitoring_pipelines.security.artefacts.pickles import follow

if TYPE_CHECKING:
    from monitoring_pipelines.security.artefacts.outcome import Limits
    from monitoring_pipelines.security.artefacts.stream import Bounded

MAGIC, MAX_HEADER = b"\x93NUMPY", 1 << 16


def check_array(stream: Bounded, limits: Limits) -> str:
    """Look into a ``.npy`` file; what it is."""
    stream.skip(len(MAGIC))
    major = stream.read(2)[:1]
    width = 2 if major == b"\x01" else 4
    length = int.from_bytes(stream.read(width), "little")
    if major not in {b"\x01", b"\x02", b"\x03"} or length > MAX_HEADER:
        raise UnverifiedError("an array with a header of no known form")
    try:
        header = ast.literal_eval(stream.read(length).decode("utf-8"))
        dtype, shape = np.lib.format.descr_to_dtype(header["descr"]), header["shape"]
        n = math.prod(int(size) for size in shape)
    except DAMAGED as error:
        raise UnverifiedError("an array with a damaged header") from error
    if dtype.hasobject:
        follow(stream, replace(limits, plain=True))
    elif n < 0:
        raise UnverifiedError("an array with a damaged header")
    else:
        stream.skip(n * dtype.itemsize)
    if stream.peek(1):
        raise UnverifiedError("something behind an array")
    return "an array of objects" if dtype.hasobject else f"an array of shape {str(shape)[:40]}"


DAMAGED = (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError)
