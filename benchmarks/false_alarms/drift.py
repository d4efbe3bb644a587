"""Windows beyond a drift metric's noise floor, and those that get a warning."""

from __future__ import annotations

from benchmarks.draws import COLUMNS, generator, windows
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import DRIFT

ALPHAS = (0.05, 0.01)
SIZES = (50, 200, 1_000, 10_000, 100_000, 1_000_000)
JUDGED = SIZES[1:]
REFERENCES = (1, 5, 30)


def drift(scale: float) -> Measured:
    beyond, warned = Cells(), Cells()
    for name in COLUMNS:
        for k in REFERENCES:
            for n in SIZES:
                draws = max(20, int((200 if n <= 1_000 else 500) * scale))
                measure(name, (k, n), draws, (beyond, warned))
        print(f"drift  {name}", flush=True)
    return {
        "drift by size": _by_size(beyond),
        "drift by metric": _by_metric(beyond),
        "drift warned": _warned(warned),
    }, beyond.failures() + warned.failures()


def measure(name: str, sizes: tuple[int, int], draws: int, cells: tuple[Cells, Cells]) -> None:
    """Judge windows of `sizes[1]` rows against as large ones in the number of `sizes[0]`."""
    k, n = sizes
    rng = generator("drift", name, k, n)
    beyond, warned = cells
    for _ in range(draws):
        reference, shares = COLUMNS[name].fitted(rng, k * n)
        [window] = windows(reference, shares, rng, n, 1)
        for metric in DRIFT.values():
            if not isinstance(reference, metric.kinds):
                continue
            try:
                value, expected = (
                    metric.compute(reference, window),
                    metric.expected(reference, window),
                )
                floors = [metric.noise_floor(reference, window, alpha) for alpha in ALPHAS]
            except DataError:
                continue  # a reference without spread, say: the verdict is unknown
            for alpha, floor in zip(ALPHAS, floors, strict=True):
                beyond.count((name, n, k, metric.name, alpha), value > floor)
                verdict = judge_drift(metric, Change(value, floor, expected, n)).verdict
                warned.count((name, n, k, metric.name, alpha), verdict is Verdict.WARN)


def _by_size(cells: Cells) -> str:
    """The worst metric per column and size, all numbers of reference windows together."""
    rows = []
    for name in COLUMNS:
        line: list[object] = [name]
        for n in SIZES:
            rates = [cells.pooled(name, n, metric, ALPHAS[0]) for metric in DRIFT]
            worst = max((rate for rate in rates if rate.draws), key=lambda rate: rate.value)
            line.append(with_error(worst, ALPHAS[0]))
        rows.append(line)
    return table(["column", *(f"n = {n:,}" for n in SIZES)], rows)


def _by_metric(cells: Cells) -> str:
    wanted = [(k, alpha) for k in REFERENCES for alpha in ALPHAS]
    rows = [
        [f"`{name}`", *(with_error(cells.pooled(name, k, a), a) for k, a in wanted)]
        for name in DRIFT
        if cells.pooled(name).draws  # those of vectors have a table of their own
    ]
    return table(["metric", *(f"k = {k}, alpha {alpha:g}" for k, alpha in wanted)], rows)


def _warned(cells: Cells) -> str:
    rows = [
        [name, *(with_error(cells.pooled(name, n, ALPHAS[0]), ALPHAS[0]) for n in JUDGED)]
        for name in COLUMNS
    ]
    return table(["column", *(f"n = {n:,}" for n in JUDGED)], rows)
