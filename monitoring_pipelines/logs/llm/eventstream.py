"""Messages of an AWS event stream, the framing of streamed answers and agents' traces.

References
----------
https://smithy.io/2.0/aws/amazon-eventstream.html
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import msgspec

from monitoring_pipelines.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRELUDE = 12
_CHECKSUM = 4
_STRING = 7
_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}


def messages(data: bytes) -> Iterator[tuple[str, Any]]:
    """Event type and decoded JSON payload of each message in `data`.

    Raises
    ------
    RecordError
        If a length or a checksum is wrong.
    """
    while data:
        if len(data) < _PRELUDE + _CHECKSUM:
            raise RecordError("a message of an event stream is cut off")
        size, width, prelude = struct.unpack_from(">III", data)
        whole = size - _CHECKSUM
        if not _PRELUDE + width <= whole <= len(data) - _CHECKSUM:
            raise RecordError("a message of an event stream is cut off")
        (checksum,) = struct.unpack_from(">I", data, whole)
        if zlib.crc32(data[:8]) != prelude or zlib.crc32(data[:whole]) != checksum:
            raise RecordError("a message of an event stream has a wrong checksum")
        kind = _headers(data[_PRELUDE : _PRELUDE + width]).get(":event-type", "")
        try:
            payload = msgspec.json.decode(data[_PRELUDE + width : whole])
        except msgspec.DecodeError:
            payload = None
        yield kind, payload
        data = data[size:]


def _headers(data: bytes) -> dict[str, str]:
    found, at = {}, 0
    try:
        while at < len(data):
            length = data[at]
            name = data[at + 1 : at + 1 + length].decode("utf-8", "replace")
            at += 1 + length
            kind = data[at]
            at += 1
            size = _SIZES.get(kind)
            if size is None:
                (size,) = struct.unpack_from(">H", data, at)
                at += 2
            if kind == _STRING:
                found[name] = data[at : at + size].decode("utf-8", "replace")
            at += size
    except (IndexError, struct.error):
        raise RecordError("a message of an event stream has broken headers") from None
    return found
