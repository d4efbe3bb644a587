"""What was measured is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitoring_pipelines.images import keep as module
from monitoring_pipelines.images.keep import BROKEN, arrow, current, keep, read_kept
from monitoring_pipelines.images.measure import Item, Limits, measure
from tests.images.pictures import file, scene

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    import pytest


def table() -> pa.Table:
    items = [Item("a", file(scene(1))), Item("b", file(scene(2))), Item("bad", b"x")]
    return arrow(measure(items, None, Limits(10**6, 10**6)), {"a": "1", "b": "1", "bad": "1"})


def test_images_that_could_be_read_are_kept(tmp_path: Path) -> None:
    keep(tmp_path / "new" / "one.parquet", table())
    kept = read_kept(tmp_path / "new" / "one.parquet")
    assert kept is not None
    assert kept["key"].to_pylist() == ["a", "b"]
    assert kept.equals(table().slice(0, 2))
    assert set(kept[BROKEN].to_pylist()) == {""}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["one.parquet"]


def test_a_replaced_image_is_measured_again(tmp_path: Path) -> None:
    keep(tmp_path / "one.parquet", table())
    found = current(read_kept(tmp_path / "one.parquet"), {"a": "1", "b": "2"})
    assert found is not None
    assert found["key"].to_pylist() == ["a"]


def test_a_damaged_or_absent_file_is_none(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "none.parquet") is None
    (tmp_path / "bad.parquet").write_bytes(b"not parquet")
    assert read_kept(tmp_path / "bad.parquet") is None
    assert current(None, {}) is None


def test_a_disk_that_takes_nothing_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    keep(tmp_path / "file" / "one.parquet", table())


def test_what_was_used_longest_ago_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age, name in enumerate(["new", "old", "oldest"]):
        keep(tmp_path / f"{name}.parquet", table())
        os.utime(tmp_path / f"{name}.parquet", (1e9 - age, 1e9 - age))
    size = (tmp_path / "new.parquet").stat().st_size
    monkeypatch.setattr(module, "MAX_BYTES", 3 * size)
    keep(tmp_path / "now.parquet", table())
    assert {path.stem for path in tmp_path.iterdir()} == {"now", "new", "old"}
