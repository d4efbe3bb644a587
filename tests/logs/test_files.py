"""From a location to files, and the sentence a user sees when there are none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import fsspec
import pytest

from monitoring_pipelines.errors import ConfigError, SourceNotFoundError, SourceUnreadableError
from monitoring_pipelines.logs.files import find_files, with_delimiter

if TYPE_CHECKING:
    from pathlib import Path


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.parquet", "parquet"),
        ("a.pq", "parquet"),
        ("a.CSV", "csv"),
        ("a.csv.gz", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.jsonl.gz", "jsonl"),
        ("a.2026-01-01.jsonl.gz", "jsonl"),
    ],
)
def test_the_name_tells_the_format(tmp_path: Path, name: str, expected: str) -> None:
    touch(tmp_path / name)
    assert find_files(name, tmp_path).format == expected


def test_a_glob_is_sorted_and_leaves_files_in_progress_out(tmp_path: Path) -> None:
    touch(
        tmp_path / "b.parquet",
        tmp_path / "a.parquet",
        tmp_path / "_tmp.parquet",
        tmp_path / ".c.parquet",
    )
    found = find_files("*.parquet", tmp_path)
    assert [path.rsplit("/", 1)[-1] for path in found.paths] == ["a.parquet", "b.parquet"]
    assert not found.hive


@pytest.mark.parametrize(
    ("location", "names"),
    [
        ("data/predictions*", ["predictions.parquet", "predictions_2.parquet"]),
        ("data/_pre*", ["_predictions.parquet"]),  # its beginning was asked for
        ("data/predictions?[0-9].parquet", ["predictions_2.parquet"]),
        ("da*/*.parquet", ["predictions.parquet", "predictions_2.parquet"]),
        ("_da*/*", ["x.parquet"]),
    ],
)
def test_a_glob_may_begin_a_name(tmp_path: Path, location: str, names: list[str]) -> None:
    touch(
        tmp_path / "data/predictions.parquet",
        tmp_path / "data/predictions_2.parquet",
        tmp_path / "data/_predictions.parquet",
        tmp_path / "_data/x.parquet",
        tmp_path / "_data/_tmp.parquet",
    )
    found = find_files(location, tmp_path)
    assert [path.rsplit("/", 1)[-1] for path in found.paths] == names


def test_a_directory_of_partitions_is_read_whole(tmp_path: Path) -> None:
    touch(
        tmp_path / "log/day=2026-01-01/x.parquet",
        tmp_path / "log/day=2026-01-02/x.parquet",
        tmp_path / "log/_SUCCESS",
    )
    found = find_files("log", tmp_path)
    assert found.hive
    assert len(found.paths) == 2


def test_the_version_changes_when_a_file_is_replaced(tmp_path: Path) -> None:
    touch(tmp_path / "a.csv")
    before = find_files("a.csv", tmp_path)
    assert find_files("a.csv", tmp_path).version == before.version
    (tmp_path / "a.csv").write_bytes(b"longer")
    assert find_files("a.csv", tmp_path).version != before.version


def test_a_misspelt_name_is_answered_with_the_likely_one(tmp_path: Path) -> None:
    touch(tmp_path / "predictions.parquet")
    with pytest.raises(SourceNotFoundError) as error:
        find_files("predictons.parquet", tmp_path)
    assert str(error.value) == (
        "No file or table at 'predictons.parquet' (Did you mean 'predictions.parquet'?). "
        "Check `location`; a relative path is taken from the project folder."
    )


def test_two_formats_in_one_folder_are_refused(tmp_path: Path) -> None:
    touch(tmp_path / "log/a.csv", tmp_path / "log/b.parquet")
    with pytest.raises(
        SourceUnreadableError, match=r"several formats \(csv, parquet\); set `format`"
    ):
        find_files("log", tmp_path)


def test_an_unknown_protocol_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="'s4://' in 's4://bucket/a.parquet' is no known protocol"
    ):
        find_files("s4://bucket/a.parquet", tmp_path)


def test_an_object_store_that_needs_a_package_says_which(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pip install 'monitoring-pipelines\[gcs\]'"):
        find_files("gs://bucket/a.parquet", tmp_path)


def test_any_fsspec_url_is_listed(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/logs-of-test/a.csv.gz", gzip.compress(b"id\n1\n"))
    try:
        found = find_files("memory://logs-of-test/*.csv.gz", tmp_path)
        assert found.paths == ("memory:///logs-of-test/a.csv.gz",)
        assert found.filesystem is not None
    finally:
        memory.rm("/logs-of-test", recursive=True)


def test_the_marks_tell_which_files_are_as_they_were(tmp_path: Path) -> None:
    touch(tmp_path / "a.csv", tmp_path / "b.csv")
    before = find_files("*.csv", tmp_path)
    touch(tmp_path / "c.csv")
    assert before.still_in(find_files("*.csv", tmp_path))
    (tmp_path / "a.csv").write_bytes(b"longer")
    assert not before.still_in(find_files("*.csv", tmp_path))


def test_an_empty_text_file_is_left_out_and_an_empty_parquet_is_not(tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        (tmp_path / name).write_bytes(b"")
    touch(tmp_path / "b.csv", tmp_path / "b.parquet")
    assert len(find_files("*.csv", tmp_path).paths) == 1
    assert len(find_files("*.parquet", tmp_path).paths) == 2


def test_files_that_are_all_empty(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(SourceUnreadableError, match="all 2 files are empty, without even a header"):
        find_files("*.csv", tmp_path)


def test_a_folder_above_the_project_is_no_partition(tmp_path: Path) -> None:
    root = tmp_path / "team=a"
    touch(root / "log/a.parquet")
    assert not find_files("log", root).hive


def test_a_name_with_the_signs_of_a_glob_is_a_file(tmp_path: Path) -> None:
    touch(tmp_path / "log[1].parquet", tmp_path / "log1.parquet")
    [path] = find_files("log[1].parquet", tmp_path).paths
    assert path.endswith("log[1].parquet")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,at", ","),
        ("id;at", ";"),
        ("id\tat", "\t"),
        ("id|at", "|"),
        ('"a;b;c",at', ","),
        ("id", ","),
    ],
)
def test_the_header_tells_the_delimiter(tmp_path: Path, header: str, expected: str) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f"{header}\n1,2;3|4\n".encode()))
    assert with_delimiter(find_files("a.csv.gz", tmp_path)).delimiter == expected
