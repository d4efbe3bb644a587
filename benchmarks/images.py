"""Images per second against plain decoding, in one run: one window of 20,000 JPEGs of 224 by 224.

.venv/bin/python -m benchmarks.images [images] [--docs]

Three times in turn: plain decoding of the same log (Pillow, on as many threads, to RGB arrays), and
all that a window costs for its images: reading the log in DuckDB, decoding, every property,
near-duplicates, the cache. Each has a process of its own: what one of them makes of the memory would
make the other faster. A window's own imports count, as they do in a run.
The goal is at most 1.5 times plain decoding, in the median. ``--docs`` writes the table into
docs/vision.md.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from benchmarks.tables import put, table
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.reading import Reader

START = datetime(2026, 1, 1, tzinfo=UTC)
SIDE, DIFFERENT, GOAL, RUNS = 224, 500, 1.5, 3
PAGE = Path(__file__).parents[1] / "docs" / "vision.md"


def pictures(n: int) -> list[bytes]:
    """JPEGs like photographs: areas, edges and some noise; 500 different ones, each with its number."""
    rng = np.random.default_rng(0)
    made = []
    for _ in range(min(n, DIFFERENT)):
        base = Image.fromarray(rng.integers(0, 256, (14, 14, 3), dtype=np.uint8))
        array = np.asarray(base.resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=float)
        array = array + rng.normal(0, 8, array.shape)
        buffer = io.BytesIO()
        Image.fromarray(np.clip(array, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
        made.append(buffer.getvalue())
    return [made[i % len(made)] + str(i).encode() for i in range(n)]  # after the end, unread


def plain(contents: list[bytes]) -> None:
    for content in contents:
        np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


class Cost(NamedTuple):
    """Seconds on the clock, and of the processors, which others on the machine distort less."""

    wall: float
    cpu: float


def since(began: Cost) -> Cost:
    return Cost(time.perf_counter() - began.wall, time.process_time() - began.cpu)


def now() -> Cost:
    return Cost(time.perf_counter(), time.process_time())


def decoding(root: Path) -> Cost:
    """Seconds of reading the log's images and decoding them."""
    began = now()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        batches = pq.ParquetFile(root / "log.parquet").iter_batches(32, columns=["image"])
        list(pool.map(plain, (batch.column(0).to_pylist() for batch in batches)))
    return since(began)


def window(root: Path) -> Cost:
    """Seconds of a window's images, of which those are not decoded that an earlier run kept."""
    config = ModelConfig.model_validate(
        {
            "name": "benchmark",
            "task": "vision_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": {"id": "id", "timestamp": "at", "prediction": "said"},
                "images": {"column": "image"},
            },
            "reference": {"start": "2026-01-01", "end": "2026-01-02"},
        }
    )
    model = Model(config, root, root)
    began = now()
    reader = Reader.open(model)
    rows = reader.seen(reader.rows(reader.predictions, model.window(START)))
    took = since(began)
    assert "image_sharpness" in rows.log.columns
    reader.close()
    return took


def alone(what: str, root: Path) -> Cost:
    """Cost of `decoding` or `window` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.images", "--alone", what, "--root", str(root)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Cost(*map(float, said.split()))


def pair(root: Path) -> tuple[Cost, Cost]:
    for kept in (root / ".monitoring").rglob("*.parquet"):
        kept.unlink()
    return alone("decoding", root), alone("window", root)


def main(n: int, docs: bool) -> int:
    contents = pictures(n)
    with tempfile.TemporaryDirectory() as folder:
        log = pa.table(
            {
                "id": range(n),
                "at": [START + timedelta(seconds=i * 4) for i in range(n)],
                "said": ["a"] * n,
                "image": contents,
            }
        )
        pq.write_table(log, Path(folder) / "log.parquet", row_group_size=1000)
        took = [pair(Path(folder)) for _ in range(RUNS)]
        again = alone("window", Path(folder))
    lines = [
        [i, *(f"{cost.cpu:.1f}" for cost in costs), f"{times(costs, 'cpu'):.2f}"]
        + [f"{n / cost.wall:,.0f}" for cost in costs]
        + [f"{times(costs, 'wall'):.2f}"]
        for i, costs in enumerate(took, 1)
    ]
    head = ["run", "decoding, CPU s", "window, CPU s", "times"]
    text = table([*head, "decoding, images/s", "window, images/s", "times"], lines)
    print(text)
    if docs:
        put(PAGE, "images", text)
    usual = Cost(*(statistics.median(times(costs, of) for costs in took) for of in Cost._fields))
    print(
        f"in the median {usual.cpu:.2f} times the CPU time, {usual.wall:.2f} on the clock "
        f"(goal {GOAL})"
    )
    print(f"another run, with what was kept: {again.wall:.1f} s")
    return int(max(usual) > GOAL)


def times(costs: tuple[Cost, Cost], of: str) -> float:
    """How much more the second costs than the first, of its clock or processors."""
    plain, ours = (getattr(cost, of) for cost in costs)
    return float(ours / plain)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=int, nargs="?", default=20_000)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--alone", choices=["decoding", "window"], help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(*{"decoding": decoding, "window": window}[options.alone](options.root))
    else:
        sys.exit(main(options.images, options.docs))
