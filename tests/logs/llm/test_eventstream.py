"""The framing of AWS event streams, against messages that are built by its description."""

from __future__ import annotations

import json
import struct
import zlib

import pytest

from monitoring_pipelines.errors import RecordError
from monitoring_pipelines.logs.llm.eventstream import messages


def message(kind: str, payload: bytes, more: bytes = b"") -> bytes:
    name, value = b":event-type", kind.encode()
    headers = bytes([len(name)]) + name + b"\x07" + struct.pack(">H", len(value)) + value + more
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    head = prelude + struct.pack(">I", zlib.crc32(prelude))
    whole = head + headers + payload
    return whole + struct.pack(">I", zlib.crc32(whole))


def test_messages_one_after_another() -> None:
    data = message("trace", json.dumps({"a": 1}).encode()) + message("chunk", b"")
    assert list(messages(data)) == [("trace", {"a": 1}), ("chunk", None)]
    assert list(messages(b"")) == []


def test_other_types_of_headers_are_skipped() -> None:
    more = b"\x01a\x00" + b"\x01b\x04\x00\x00\x00\x05" + b"\x01c\x06\x00\x02xy"
    assert list(messages(message("trace", b"1", more))) == [("trace", 1)]


@pytest.mark.parametrize("cut", [1, 8, 20])
def test_a_message_that_is_cut_off(cut: int) -> None:
    with pytest.raises(RecordError, match="cut off"):
        list(messages(message("trace", b"{}")[:-cut]))


@pytest.mark.parametrize("at", [9, 30, -6])
def test_a_byte_that_changed_is_found_by_its_checksum(at: int) -> None:
    data = bytearray(message("trace", b'{"a": 1}'))
    data[at] ^= 1
    with pytest.raises(RecordError, match="checksum"):
        list(messages(bytes(data)))


def test_broken_headers() -> None:
    with pytest.raises(RecordError, match="headers"):
        list(messages(message("trace", b"1", b"\x09abc")))
