"""Files are read once, again when they change, and never half."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from monitoring_pipelines.domain.path_date import PathDate
from monitoring_pipelines.errors import SourceUnreadableError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.pipeline import llm_cache
from monitoring_pipelines.pipeline.llm_cache import FileRead, LlmCache, Reading
from tests.llm_logs import FIRST, spend, write
from tests.llm_records import HASHES

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)


@pytest.fixture
def cache(tmp_path: Path) -> LlmCache:
    return LlmCache(tmp_path / "home", HASHES)


def look(cache: LlmCache, tmp_path: Path) -> list[Reading]:
    return cache.readings(find_files("logs/*.jsonl", tmp_path, "llm"))


def ids(readings: list[Reading]) -> list[str]:
    """Ids of all rows of the files that count."""
    return sorted(
        row["id"]
        for reading in readings
        for row in parquet.read_table(reading.folder / "llm_calls.parquet").to_pylist()
        if row["source_file"] in reading.files
    )


def names(reading: Reading) -> list[str]:
    return [os.path.basename(path) for path in reading.files]  # noqa: PTH119 - may be URLs


def test_a_look_reads_what_is_new_and_nothing_else(
    cache: LlmCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    write(tmp_path / "logs" / "b.jsonl", [spend(2, 2 * DAY), "broken"])
    (first,) = look(cache, tmp_path)
    assert names(first) == ["a.jsonl", "b.jsonl"]
    assert [(f.records, f.quarantined) for f in first.files.values()] == [(1, 0), (2, 1)]
    assert [f.first for f in first.files.values()] == [FIRST + DAY, FIRST + 2 * DAY]
    write(tmp_path / "logs" / "c.jsonl", [spend(3, 3 * DAY)])
    _, second = look(cache, tmp_path)
    assert names(second) == ["c.jsonl"]
    monkeypatch.setattr(llm_cache, "read_files", None)  # nothing is left to read
    assert ids(look(cache, tmp_path)) == ["r-1", "r-2", "r-3"]


def test_a_file_that_grew_is_read_again_and_counts_once(cache: LlmCache, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    write(tmp_path / "logs" / "b.jsonl", [spend(2, DAY)])
    look(cache, tmp_path)
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY), spend(3, DAY)])
    old, new = look(cache, tmp_path)
    assert (names(old), names(new)) == (["b.jsonl"], ["a.jsonl"])
    assert ids([old, new]) == ["r-1", "r-2", "r-3"]


def test_a_reading_of_which_nothing_counts_is_removed(cache: LlmCache, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    (old,) = look(cache, tmp_path)
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY), spend(2, DAY)])
    (new,) = look(cache, tmp_path)
    assert not old.folder.exists()
    assert ids([new]) == ["r-1", "r-2"]


def test_a_file_that_is_gone_counts_no_more(cache: LlmCache, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    write(tmp_path / "logs" / "b.jsonl", [spend(2, DAY)])
    look(cache, tmp_path)
    (tmp_path / "logs" / "a.jsonl").unlink()
    assert ids(look(cache, tmp_path)) == ["r-2"]


def test_a_reading_that_fails_leaves_nothing_behind(cache: LlmCache, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY)])
    (tmp_path / "logs" / "b.jsonl.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(SourceUnreadableError, match="damaged"):
        cache.readings(find_files("logs/*", tmp_path, "llm"))
    assert list((tmp_path / "home").glob("*/*")) == []
    (tmp_path / "logs" / "b.jsonl.gz").unlink()
    assert ids(look(cache, tmp_path)) == ["r-1"]


def test_many_files_are_several_readings(
    cache: LlmCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_cache, "FILES_A_READING", 2)
    for n in range(5):
        write(tmp_path / "logs" / f"{n}.jsonl", [spend(n, DAY)])
    readings = look(cache, tmp_path)
    assert [len(reading.files) for reading in readings] == [2, 2, 1]
    assert ids(readings) == [f"r-{n}" for n in range(5)]


def test_another_key_or_other_names_are_read_apart(cache: LlmCache, tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [spend(1, DAY, user="alice")])
    (one,) = look(cache, tmp_path)
    (other,) = look(replace(cache, hashes=Hashes(b"another")), tmp_path)
    principals = {
        parquet.read_table(reading.folder / "llm_calls.parquet").column("principal")[0].as_py()
        for reading in (one, other)
    }
    assert len(principals) == 2
    assert "alice" not in str(principals)


def test_a_plain_table_with_names_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.csv").write_text(
        "at,toks,failed\n2026-01-02T00:00:00Z,5,\n2026-01-03,7,boom\n"
    )
    names_ = {"timestamp": "at", "input_tokens": "toks", "error_class": "failed"}
    cache = LlmCache(tmp_path / "home", HASHES, names_, UTC)
    (reading,) = cache.readings(find_files("logs/*.csv", tmp_path))
    (file,) = reading.files.values()
    assert (file.records, file.quarantined, file.last) == (2, 0, FIRST + 2 * DAY)
    rows = parquet.read_table(reading.folder / "llm_calls.parquet").to_pylist()
    assert [(row["input_tokens"], row["status"]) for row in rows] == [(5, "ok"), (7, "error")]


def test_a_reading_may_have_rows_of_a_time_unless_it_tells_otherwise(tmp_path: Path) -> None:
    file = FileRead("1", 5, 0, FIRST, FIRST + DAY)
    reading = Reading(tmp_path, {"a": file})
    assert reading.within(FIRST + DAY, FIRST + 2 * DAY)
    assert not reading.within(FIRST + 2 * DAY, FIRST + 3 * DAY)
    assert not reading.within(FIRST - DAY, FIRST)
    silent = Reading(tmp_path, {"a": FileRead("1", 5, 5)})
    assert silent.within(FIRST + 2 * DAY, FIRST + 3 * DAY)


def test_another_place_of_the_day_reads_again(cache: LlmCache, tmp_path: Path) -> None:
    undated = spend(1, DAY, startTime=None, endTime=None)
    write(tmp_path / "logs" / "2026-01-31.jsonl", [undated])
    (plain,) = look(cache, tmp_path)
    assert [file.first for file in plain.files.values()] == [None]
    dated = replace(cache, path_date=PathDate("%Y-%m-%d"))
    (reading,) = look(dated, tmp_path)
    assert [file.first for file in reading.files.values()] == [datetime(2026, 1, 31, tzinfo=UTC)]
    # the id is the provider's own
    assert ids([reading]) == ids([plain]) == ["r-1"]
