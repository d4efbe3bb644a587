"""Hostile files are never ok, ordinary ones are, and nothing is unpacked without end."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.security.artefacts.look import look_into
from monitoring_pipelines.security.artefacts.outcome import Limits, Safety
from tests.security.artefacts.benign import BENIGN, benign
from tests.security.artefacts.hostile import HOSTILE, system, zipped

if TYPE_CHECKING:
    from pathlib import Path

UNSAFE = {
    "eval", "exec", "import", "getattr", "subprocess", "load of another file", "partial",
    "packed with zlib", "packed with gzip", "packed with bzip2", "packed with LZMA",
    "packed with xz", "packed with LZ4", "packed twice", "torch archive", "a second pickle",
    "array of objects", "archive of arrays", "array that is operations, too", "program", "script",
    "layer of Keras with code",
    "function of Keras with code", "function that Keras imports", "tensors that are a pickle",
    "ONNX that reads a file", "path out of the archive",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_never_ok(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(HOSTILE[kind]())
    found = look_into(path)
    assert found.safety is not Safety.OK
    assert found.reason
    if kind in UNSAFE:
        assert found.safety is Safety.UNSAFE


def test_there_are_enough_kinds() -> None:
    assert len(HOSTILE) >= 18


@pytest.mark.parametrize("kind", BENIGN)
def test_an_ordinary_file_is_ok(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(benign(kind))
    assert look_into(path).safety is Safety.OK, look_into(path)


def test_nothing_is_loaded(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for kind, make in HOSTILE.items():
        (tmp_path / "x").write_bytes(make())
        look_into(tmp_path / "x")
        assert capfd.readouterr() == ("", ""), kind


@pytest.mark.parametrize("how", ["gzip", "zlib", "zip"])
def test_a_bomb_is_not_unpacked(how: str, tmp_path: Path) -> None:
    # one text of 8 MB: a single operation
    zeros = b"X" + (8 << 20).to_bytes(4, "little") + b"\0" * (8 << 20) + b"."
    packed = {
        "gzip": lambda: gzip.compress(zeros, 1),
        "zlib": lambda: zlib.compress(zeros, 1),
        "zip": lambda: zipped({"data.pkl": zeros}, compression=8),
    }[how]()
    (tmp_path / "x").write_bytes(packed)
    tracemalloc.start()
    found = look_into(tmp_path / "x", Limits(n_bytes=1 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.safety is Safety.UNVERIFIED
    assert "more than is looked at" in found.reason
    assert peak < 4 << 20


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    assert look_into(tmp_path / "gone").reason == "it cannot be read: No such file or directory"
    assert look_into(tmp_path).safety is Safety.UNVERIFIED


def test_names_of_ones_own_can_be_allowed(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"crisk.features\nEncoder\n)R.")
    assert look_into(tmp_path / "x").reason == (
        "risk.features.Encoder is not on the list of allowed names"
    )
    allowed = Limits(allowed=frozenset({"risk.features.Encoder"}))
    assert look_into(tmp_path / "x", allowed).safety is Safety.OK


@pytest.mark.parametrize("n", [1, 2, 7, 20, 40])
def test_every_cut_of_an_ordinary_file_is_a_finding(n: int, tmp_path: Path) -> None:
    for kind in BENIGN:
        (tmp_path / "x").write_bytes(benign(kind)[:-n])
        assert look_into(tmp_path / "x").safety is not Safety.OK, kind


def test_a_byte_that_is_flipped_never_hides_a_call(tmp_path: Path) -> None:
    data = system(4)
    for place in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[place] ^= 1 << bit
            (tmp_path / "x").write_bytes(flipped)
            found = look_into(tmp_path / "x")
            # what is left is either no call any more, or a finding
            assert found.safety is not Safety.OK or b"system" not in flipped
