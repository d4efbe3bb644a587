"""What was measured, kept as a Parquet file: a cache, which may be deleted at any time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitoring_pipelines.images.measure import Measured

# names of the columns beside the properties
BROKEN = "image_broken"
WHOLE = ("image_width", "image_height", "image_orientation")
# of what is kept of one model; what was used longest ago goes first
MAX_BYTES = 1 << 30


def arrow(measured: Measured, marks: Mapping[str, str]) -> pa.Table:
    """Rows of ``key, mark, thumbnail``, why an image is broken, and the properties."""
    columns: dict[str, Any] = {
        "key": pa.array(measured.keys, pa.string()),
        "mark": pa.array([marks[key] for key in measured.keys], pa.string()),
        "thumbnail": pa.array([row.tobytes() for row in measured.thumbnails], pa.binary()),
        BROKEN: pa.array(measured.reasons, pa.string()),
    }
    for name, values in measured.columns.items():
        kind = pa.string() if values.dtype == object else pa.float64()
        column = pa.array(values, kind, from_pandas=True)  # NaN is a missing value
        columns[name] = column.cast(pa.int64()) if name in WHOLE else column
    return pa.table(columns)


def read_kept(path: Path) -> pa.Table | None:
    """What is kept at `path`; nothing if it cannot be read."""
    try:
        os.utime(path)
        return pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        return None


def current(kept: pa.Table | None, marks: Mapping[str, str]) -> pa.Table | None:
    """Rows of `kept` whose image is asked for, and is the same as then."""
    if kept is None:
        return None
    pairs = zip(kept["key"].to_pylist(), kept["mark"].to_pylist(), strict=True)
    return kept.filter(pa.array([marks.get(key) == mark for key, mark in pairs], pa.bool_()))


def keep(path: Path, table: pa.Table) -> None:
    """Keep the images that could be read, in one step; a disk that takes none is no fault."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writing = path.with_name(f".{path.name}.{uuid4().hex}")
        fine = pa.array([reason == "" for reason in table[BROKEN].to_pylist()], pa.bool_())
        pq.write_table(table.filter(fine), writing, compression="zstd")
        writing.replace(path)
        _make_room(path.parent)
    except OSError:
        return


def _make_room(folder: Path) -> None:
    files = [(path.stat(), path) for path in folder.glob("*.parquet")]
    files.sort(key=lambda pair: -pair[0].st_mtime)
    total = 0
    for found, path in files:
        total += found.st_size
        if total > MAX_BYTES:
            path.unlink(missing_ok=True)
