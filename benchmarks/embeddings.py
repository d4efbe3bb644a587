"""Embeddings: false alarms with no drift at all, what a shift is seen by, memory and speed.

``python -m benchmarks.embeddings [--only PART ...] [--scale S] [--docs]``: exits with 1 if a rate is
above nominal and chance does not explain it. ``--docs`` writes the tables into docs/embeddings.md.
All of it takes about half an hour in one process, ``--scale 0.1`` a tenth of that.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.draws import generator
from benchmarks.measure import measure as cost_of
from benchmarks.tables import Cells, Measured, put, table, with_error
from monitoring_pipelines.backends.duckdb.vectors import MAX_FIT_ROWS, Batch, Counting
from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import DRIFT, QUALITY
from monitoring_pipelines.stats.exact import probability_of_rise
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.frame import fit_frame
from monitoring_pipelines.summaries.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.column import ColumnSummary

    Rows = NDArray[np.float64]
    Sampler = Callable[[np.random.Generator, int], Rows]

PAGE = Path(__file__).parents[1] / "docs" / "embeddings.md"
ALPHAS = (0.05, 0.01)
SIZES = (100, 1_000, 10_000)
DIMENSIONS = (16, 128, 1_024)
DRAWS = {100: 150, 1_000: 80, 10_000: 30}
METRICS = [m.name for m in DRIFT.values() if {Vectors, Categories} & {*m.kinds}]
NAMES = [*METRICS, "outlier_rate"]
SAMPLE = 1_000


def alike(_rng: np.random.Generator, d: int) -> Sampler:
    """Normal, the same in every direction: nothing for a component or a cell to hold on to."""
    return lambda rng, n: rng.standard_normal((n, d))


def few_directions(_rng: np.random.Generator, d: int) -> Sampler:
    """Normal, with standard deviations that fall as 1 / i, as those of most embeddings do."""
    spread = 1 / np.arange(1, d + 1)
    return lambda rng, n: rng.standard_normal((n, d)) * spread


def clusters(rng: np.random.Generator, d: int) -> Sampler:
    """Ten kinds of unequal frequency on a sphere of radius 1, as normalised texts."""
    centers, shares = rng.standard_normal((10, d)), rng.dirichlet(np.ones(10))

    def sample(rng: np.random.Generator, n: int) -> Rows:
        rows = centers[rng.choice(10, n, p=shares)] + rng.standard_normal((n, d))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    return sample


def heavy_tails(_rng: np.random.Generator, d: int) -> Sampler:
    """Student's t with three degrees of freedom: no fourth moment."""
    return lambda rng, n: rng.standard_t(3, (n, d))


KINDS = {
    "normal, alike in all directions": alike,
    "normal, few directions": few_directions,
    "clusters on a sphere": clusters,
    "heavy tails": heavy_tails,
}


def counted(frame: object, rows: Rows, rng: np.random.Generator) -> ColumnSummary:
    """Summary of rows, as the engine makes it."""
    counting = Counting(frame)  # type: ignore[arg-type]
    for part in np.array_split(rows, max(1, len(rows) // 2_048)):
        hashes = rng.integers(0, 2**62, len(part))
        lengths = np.full(len(part), rows.shape[1])
        counting.add(Batch(hashes, lengths, part.reshape(-1), 0, 0))
    return counting.summary()


def periods(
    rng: np.random.Generator, sample: Sampler, n: int, window: Rows
) -> tuple[ColumnSummary, ColumnSummary]:
    """A reference of 2n rows, of which half or 5,000 are fitted, and a window."""
    reference = sample(rng, 2 * n)
    fitted = min(n, MAX_FIT_ROWS)
    frame = fit_frame("v", reference[:fitted], SAMPLE, 0)
    return counted(frame, reference[fitted:], rng), counted(frame, window, rng)


def changes(
    reference: ColumnSummary, window: ColumnSummary, alphas: Sequence[float]
) -> dict[str, list[Change]]:
    """By metric, one change per alpha; nothing where the verdict would be unknown."""
    found = {}
    for name in METRICS:
        metric = DRIFT[name]
        a, b = (column.fitting(metric.kinds) for column in (reference, window))
        try:
            value, expected = metric.compute(a, b), metric.expected(a, b)
            floors = [metric.noise_floor(a, b, alpha) for alpha in alphas]
        except DataError:
            continue
        found[name] = [Change(value, floor, expected, min(a.n, b.n)) for floor in floors]
    return found


def false_alarms(scale: float) -> Measured:
    beyond, warned = Cells(), Cells()
    for kind in KINDS:
        for n in SIZES:
            for d in DIMENSIONS:
                draws = max(10, int(DRAWS[n] * scale))
                measure(kind, (n, d), draws, (beyond, warned))
        print(f"embeddings  {kind}", flush=True)
    rows = [
        [
            f"`{name}`",
            *(with_error(beyond.pooled(name, f"n {n}", a), a) for n in SIZES for a in ALPHAS),
        ]
        for name in NAMES
    ]
    by_metric = table(["metric", *(f"n = {n:,}, alpha {a:g}" for n in SIZES for a in ALPHAS)], rows)
    lines = [
        [f"{kind}, d = {d:,}", *(beyond.pooled(kind, f"d {d}", f"n {n}", ALPHAS[0]) for n in SIZES)]
        for kind in KINDS
        for d in DIMENSIONS
    ]
    lines = [
        [*line, warned.pooled(kind, f"d {d}", ALPHAS[0])]
        for line, (kind, d) in zip(lines, product(KINDS, DIMENSIONS), strict=True)
    ]
    head = ["vectors", *(f"beyond, n = {n:,}" for n in SIZES), "warned, all n"]
    by_kind = table(head, lines)
    return {
        "embeddings by metric": by_metric,
        "embeddings by kind": by_kind,
    }, beyond.failures() + warned.failures()


def measure(kind: str, sizes: tuple[int, int], draws: int, cells: tuple[Cells, Cells]) -> None:
    """Judge windows of n rows with d numbers against references without any drift."""
    n, d = sizes
    beyond, warned = cells
    rng = generator("embeddings", kind, n, d)
    for _ in range(draws):
        sample = KINDS[kind](rng, d)
        reference, window = periods(rng, sample, n, sample(rng, n))
        for name, found in changes(reference, window, ALPHAS).items():
            for alpha, change in zip(ALPHAS, found, strict=True):
                key = (name, kind, f"n {n}", f"d {d}", alpha)
                beyond.count(key, change.value > change.noise_floor)
                verdict = judge_drift(DRIFT[name], change).verdict
                warned.count(key, verdict is Verdict.WARN)
        outlying = QUALITY["outlier_rate"].compute(reference, window)
        usual = QUALITY["outlier_rate"].compute(reference, reference)
        for alpha in ALPHAS:
            key = ("outlier_rate", kind, f"n {n}", f"d {d}", alpha)
            beyond.count(key, probability_of_rise(*outlying, *usual) < alpha)


SHIFTS: dict[str, Callable[[Rows], Rows]] = {
    "the mean moves by half a deviation in one direction": lambda x: x + 0.5 * _at(x, 0),
    "all vectors are 10 % longer": lambda x: x * 1.1,
    "one vector in ten is another kind": lambda x: np.where(_every(x, 10), -2 * x[::-1], x),
    "a direction without variance has some": lambda x: x + _noise(x, 0.1),
}


def _at(x: Rows, place: int) -> Rows:
    unit = np.zeros(x.shape[1])
    unit[place] = x[:, place].std()
    return unit


def _every(x: Rows, k: int) -> NDArray[np.bool_]:
    return (np.arange(len(x)) % k == 0)[:, None]


def _noise(x: Rows, share: float) -> Rows:
    size = share * np.linalg.norm(x, axis=1).mean() / np.sqrt(x.shape[1])
    return np.random.default_rng(0).normal(0, size, x.shape)


def power(scale: float) -> Measured:
    """Share of shifted windows that get a warning, n = 1,000 and d = 128, at 0.001 per check."""
    draws = max(5, int(20 * scale))
    names = [name for name in METRICS if DRIFT[name].tolerance > 0] + ["outlier_rate"]
    lines = []
    for title, shift in SHIFTS.items():
        rng, hits = generator("power", title), dict.fromkeys(names, 0)
        for _ in range(draws):
            sample = few_directions(rng, 128)
            reference, window = periods(rng, sample, 1_000, shift(sample(rng, 1_000)))
            for name, [change] in changes(reference, window, [0.001]).items():
                if name in hits:
                    hits[name] += judge_drift(DRIFT[name], change).verdict is Verdict.WARN
            hits["outlier_rate"] += outliers(reference, window) is Verdict.WARN
        lines.append([title, *(f"{100 * hits[name] / draws:.0f}" for name in names)])
    return {"embeddings power": table(["shift", *(f"`{n}`" for n in names)], lines)}, []


def outliers(reference: ColumnSummary, window: ColumnSummary) -> Verdict:
    """Whether more vectors are outliers than in the reference, as shipped."""
    metric = QUALITY["outlier_rate"]
    return judge_share(
        Share(*metric.compute(reference, window)),
        Share(*metric.usual(reference)),
        alpha=0.001,
        tolerance=metric.tolerance,
        fail_tolerance=math.inf,
        min_rows=30,
    ).verdict


def scale_up(scale: float) -> Measured:
    """One window of 100,000 vectors of 768 numbers against a reference as large."""
    n = max(5_000, int(100_000 * scale))
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        write_log(Path(folder), n, 768)
        for title, part in (("decode the column", "decode"), ("fit, summarise, judge", "judge")):
            start = time.monotonic()
            cost = cost_of([sys.executable, "-m", "benchmarks.embeddings_window", part, folder], {})
            seconds = time.monotonic() - start
            lines.append([title, f"{cost.cpu_s:,.1f}", f"{seconds:,.1f}", f"{cost.peak_mib:,.0f}"])
    head = [f"2 x {n:,} x 768", "CPU s", "s", "peak MiB"]
    return {"embeddings scale": table(head, lines)}, []


def write_log(folder: Path, n: int, d: int) -> None:
    """Two days of vectors, in parts, so that the writer's memory stays small."""
    import pyarrow as pa
    from pyarrow import parquet

    kind = pa.list_(pa.float32(), d)
    schema = pa.schema([("id", pa.int64()), ("at", pa.timestamp("us", "UTC")), ("v", kind)])
    rng = generator("scale", n, d)
    sample = few_directions(rng, d)
    midnight = 1_767_225_600_000_000  # 1 January 2026
    step = 86_400_000_000 // n
    with parquet.ParquetWriter(folder / "log.parquet", schema, compression="zstd") as writer:
        for start in range(0, 2 * n, 5_000):
            ids = np.arange(start, min(start + 5_000, 2 * n))
            rows = sample(rng, len(ids)).astype(np.float32)
            at = pa.array(midnight + ids * step, pa.int64()).cast(schema.field("at").type)
            flat = pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), type=kind)
            writer.write_batch(pa.record_batch([pa.array(ids), at, flat], schema=schema))


PARTS: dict[str, Callable[[float], Measured]] = {
    "false_alarms": false_alarms,
    "power": power,
    "scale": scale_up,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    failures = []
    for part in options.only:
        start = time.monotonic()
        tables, bad = PARTS[part](options.scale)
        failures += [f"{part} {line}" for line in bad]
        for title, text in tables.items():
            print(f"\n{title}\n{text}\n", flush=True)
            if options.docs:
                put(PAGE, title, text)
        print(f"{part}: {time.monotonic() - start:,.0f} s", flush=True)
    for line in failures:
        print(f"ABOVE NOMINAL: {line}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
