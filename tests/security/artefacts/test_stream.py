"""What is unpacked is counted, and never more than was allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib

import pytest

from monitoring_pipelines.security.artefacts.outcome import UnverifiedError
from monitoring_pipelines.security.artefacts.stream import Bounded, Budget, unpacked
from tests.security.artefacts.hostile import lz4

TEXT = b"numbers of a model, " * 500


def stream(data: bytes, budget: int = 1 << 20) -> Bounded:
    return Bounded(io.BytesIO(data), Budget(budget))


def test_peeking_uses_nothing() -> None:
    one = stream(b"abcdef")
    assert (one.peek(3), one.read(2), one.peek(9), one.read(9), one.read(1)) == (
        b"abc", b"ab", b"cdef", b"cdef", b"",
    )  # fmt: skip


def test_lines_have_a_longest_length() -> None:
    assert stream(b"os\nsystem").readline() == b"os\n"
    assert len(stream(b"x" * 5_000).readline(1_000)) == 1_000


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, zlib.compress, bz2.compress, lzma.compress, lz4],
    ids=lambda f: f.__name__,
)
def test_every_packing_is_known(pack: object) -> None:
    packed = pack(TEXT)  # type: ignore[operator]
    found = unpacked(stream(packed))
    assert found is not None
    assert found[1].read(len(TEXT) + 1) == TEXT
    _, small = unpacked(stream(packed, len(packed) + 100))  # type: ignore[misc]
    with pytest.raises(UnverifiedError, match="more than is looked at"):
        small.read(len(TEXT))
    cut = unpacked(stream(packed[: len(packed) // 2]))
    assert cut is not None
    with pytest.raises(UnverifiedError):
        cut[1].skip(len(TEXT))


def test_what_is_not_packed() -> None:
    assert unpacked(stream(b"plain")) is None


def test_skipping_over_the_end_is_said() -> None:
    with pytest.raises(UnverifiedError, match="ends in the middle"):
        stream(b"abc").skip(4)
