"""Files cut into ranges: each line once, at its own offset, wherever the cuts are."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import Table, parquet

from monitoring_pipelines.domain.path_date import PathDate
from monitoring_pipelines.errors import RecordError, SourceUnreadableError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm import pieces
from monitoring_pipelines.logs.llm.pieces import Piece, decoded, jobs, sample, values, wholes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines") / "a.jsonl"


LINES = st.lists(
    st.sampled_from([b"1\n", b'{"a": 2}\n', b"\n", b" \t\n", b"no\n", b"x" * 9 + b"\n"])
)


@given(LINES, st.booleans(), st.integers(1, 12), st.integers(2, 8))
def test_ranges_are_the_lines_of_the_whole(
    place: Path, lines: list[bytes], ends: bool, step: int, longest: int
) -> None:
    data = b"7\n" + b"".join(lines) + (b"" if ends else b"8")
    place.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LONGEST_LINE", longest)
        whole = [*values("here", Piece(str(place)))]
        cut = [
            one
            for start in range(0, len(data), step)
            for one in values("here", Piece(str(place), start, start + step))
        ]
    assert cut == whole
    assert [data[offset : offset + size] for offset, size, _ in whole] == [v for *_, v in whole]


def test_long_files_are_cut_and_short_ones_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "JOB", 100)
    sizes = {"a": 60, "b": 60, "c": 250, "d": 10}
    for name, size in sizes.items():
        (tmp_path / f"{name}.jsonl").write_bytes(b'{"a": 11}\n' * (size // 10))
    (tmp_path / "e.json").write_bytes(b"[\n" + b" " * 500 + b"]")
    (tmp_path / "f.jsonl.gz").write_bytes(gzip.compress(b'{"a": 11}\n' * 10_000))
    (tmp_path / "g.jsonl").write_bytes(b'{"a": 11}\n')
    files = find_files("*", tmp_path, "llm")
    found = [[(one.path[len(str(tmp_path)) + 1 :], one.start, one.end) for one in job]
             for job in jobs(files)]  # fmt: skip
    assert found == [
        [("a.jsonl", 0, None), ("b.jsonl", 0, None)],
        [("c.jsonl", 0, 100)],
        [("c.jsonl", 100, 200)],
        [("c.jsonl", 200, None)],
        [("d.jsonl", 0, None), ("e.json", 0, None)],
        [("f.jsonl.gz", 0, None)],
        [("g.jsonl", 0, None)],
    ]


def test_a_table_is_told_by_its_name(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.PQ", "c.jsonl"):
        (tmp_path / name).write_bytes(b"1")
    assert [one.is_table for one in wholes(find_files("*", tmp_path, "llm"))] == [True, True, False]


def test_every_piece_of_a_file_knows_the_day_in_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "JOB", 10)
    for name in ("2026-01-31", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jsonl").write_text('{"a": 1}\n' * 3)
    files = find_files("*/*", tmp_path, "llm")
    assert {one.begun for one in wholes(files)} == {None}
    dated = replace(files, path_date=PathDate("%Y-%m-%d"))
    day = "2026-01-31T00:00:00+00:00"
    assert [one.begun for one in wholes(dated)] == [day, None]
    assert [one.begun for job in jobs(dated) for one in job] == [day] * 3 + [None] * 3


def test_what_python_writes_is_json_and_half_a_line_is_not() -> None:
    assert decoded(b'{"a": Infinity, "b": "\\ud800"}') == {"a": float("inf"), "b": "\ud800"}
    with pytest.raises(RecordError, match="no JSON"):
        decoded(b'{"a": 1')


def test_a_first_look_sees_both_ends_of_files_all_over_a_long_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "JOB", 1000)
    monkeypatch.setattr(pieces, "LOOK", 160)
    for number in range(31):
        (tmp_path / f"{number:02}.jsonl").write_bytes(b'{"a": 11}\n' * 10)
    found = sample(find_files("*", tmp_path, "llm"))
    chosen = [f"{2 * step:02}.jsonl" for step in range(16)]
    assert [(one.path[-8:], one.start, one.end) for one in found] == [
        *((name, 0, 10) for name in chosen),
        *((name, 90, None) for name in chosen),
    ]


def test_a_first_look_at_what_is_short_or_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a": 11}\n' * 10)
    short = find_files("*", tmp_path, "llm")
    assert sample(short) == wholes(short)
    monkeypatch.setattr(pieces, "JOB", 100)
    (tmp_path / "a.jsonl").unlink()
    for number in range(3):
        (tmp_path / f"{number}.jsonl.gz").write_bytes(gzip.compress(b'{"a": 11}\n' * 1000))
    few = find_files("*", tmp_path, "llm")
    assert sample(few) == wholes(few)  # where the last one ends tells only its end
    (tmp_path / "3.jsonl.gz").write_bytes(gzip.compress(b'{"a": 11}\n' * 1000))
    (tmp_path / "4.parquet").write_bytes(b"table")
    many = sample(find_files("*", tmp_path, "llm"))
    assert [(one.start, one.end) for one in many] == [(0, pieces.LOOK // 5)] * 4 + [(0, 1000)]


def test_the_first_rows_of_a_table(tmp_path: Path) -> None:
    parquet.write_table(Table.from_pylist([{"a": 1}] * 5), tmp_path / "a.parquet")
    piece = Piece(str(tmp_path / "a.parquet"), end=3, is_table=True)
    assert [value for *_, value in values("here", piece)] == [{"a": 1}] * 3


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz"])
def test_a_compressed_file_that_is_cut_off_or_damaged_is_named(tmp_path: Path, ending: str) -> None:
    data = random.Random(1).randbytes(3000).hex().encode() + b"\n"  # hard to compress
    packed = {"gz": gzip, "bz2": bz2, "xz": lzma}[ending].compress(data * 2)
    wrong = bytes(255 - byte for byte in packed[1000:1100])
    for damaged in (packed[:-20], packed[:1000] + wrong + packed[1100:], b"none at all"):
        path = tmp_path / f"a.jsonl.{ending}"
        path.write_bytes(damaged)
        with pytest.raises(SourceUnreadableError, match=rf"a.jsonl.{ending}' is damaged"):
            [*values("here", Piece(str(path)))]
