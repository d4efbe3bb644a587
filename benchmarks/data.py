"""A window and its reference as Parquet: 33 columns of the shapes that real logs have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

ROW_GROUP = 122_880
LEVELS = (2, 3, 5, 8, 12, 20, 50, 100, 300, 1_000)
NUMERIC = tuple(f"numeric_{i:02}" for i in range(20))
CATEGORICAL = tuple(f"category_{i:02}" for i in range(10))
COLUMNS = (*NUMERIC, *CATEGORICAL, "score", "prediction", "label")
WINDOW_START = datetime(2026, 1, 31, tzinfo=UTC)
REFERENCE_START = datetime(2026, 1, 30, tzinfo=UTC)


def write(folder: Path, n_rows: int) -> None:
    """Write `reference.parquet` and `window.parquet`; the window has drifted a little."""
    write_day(folder / "reference.parquet", REFERENCE_START, n_rows, drift=0.0)
    write_day(folder / "window.parquet", WINDOW_START, n_rows, drift=0.1)


def write_day(path: Path, start: datetime, n_rows: int, *, drift: float) -> None:
    """Write the rows of one day, unless they are there; its ordinal is the seed."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(start.toordinal())
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, schema(), compression="zstd") as writer:
        for at in range(0, n_rows, ROW_GROUP):
            n = min(ROW_GROUP, n_rows - at)
            moments = start + np.arange(at, at + n) * (timedelta(hours=23) / n_rows)
            rows = {"predicted_at": moments, **columns(rng, n, drift)}
            writer.write_table(pa.table(rows, schema=schema()), row_group_size=ROW_GROUP)
    part.rename(path)


def schema() -> pa.Schema:
    """`predicted_at` tells the window; the 33 others are what is monitored."""
    return pa.schema(
        [
            ("predicted_at", pa.timestamp("us", "UTC")),
            *((name, pa.float64()) for name in NUMERIC),
            *((name, pa.string()) for name in CATEGORICAL),
            ("score", pa.float64()),
            ("prediction", pa.int64()),
            ("label", pa.int64()),
        ]
    )


def columns(rng: np.random.Generator, n: int, drift: float) -> dict[str, Any]:
    """The values of `n` rows."""
    numeric = np.stack([numbers(rng, n, i % 5) for i in range(len(NUMERIC))])
    numeric[0] += drift
    score = 1 / (1 + np.exp(-(0.8 * numeric[0] + 0.4 * numeric[5] - 1)))
    found: dict[str, Any] = dict(zip(NUMERIC, numeric, strict=True))
    for i, name in enumerate(NUMERIC):
        if i % 4 == 3:  # every fourth column has gaps
            found[name] = pa.array(found[name], mask=rng.random(n) < 0.02)
    for name, k in zip(CATEGORICAL, LEVELS, strict=True):
        found[name] = categories(rng, n, k)
    found["score"] = score
    found["prediction"] = (score >= 0.5).astype(np.int64)
    found["label"] = (rng.random(n) < score).astype(np.int64)
    return found


def numbers(rng: np.random.Generator, n: int, shape: int) -> np.ndarray[Any, Any]:
    """Normal, log-normal, few distinct values, mostly zero, or uniform."""
    if shape == 0:
        return rng.normal(size=n)
    if shape == 1:
        return rng.lognormal(sigma=1.5, size=n)
    if shape == 2:
        return rng.poisson(4, n).astype(np.float64)
    if shape == 3:
        return np.where(rng.random(n) < 0.7, 0.0, rng.gamma(2.0, 50.0, n))
    return rng.uniform(-1, 1, n)


def categories(rng: np.random.Generator, n: int, k: int) -> pa.Array:
    """`k` levels whose frequencies fall like 1 / rank."""
    weights = 1 / np.arange(1, k + 1)
    codes = rng.choice(k, size=n, p=weights / weights.sum())
    names = pa.array([f"level {i}" for i in range(k)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), names).cast(pa.string())
