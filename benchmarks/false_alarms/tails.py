"""Exceedance at small alpha, where noise floors are extrapolated.

Given what a floor rests on, it is a number, and how often chance exceeds it can be counted on any
number of fresh draws: assignments of the pooled rows for levels, new rows in bins between order
statistics for numbers. The statistics are written out here a second time, over all draws at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import rel_entr

from benchmarks.draws import COLUMNS, counted, generator, windows
from benchmarks.tables import Cells, Measured, digits, table, with_error
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.metrics.paired import paired_counts
from monitoring_pipelines.stats.absolute_bridge import step_deviation
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALPHAS = (0.05, 0.01, 1e-3, 1e-4, 1e-5)
SIZES = (200, 1_000, 10_000)
NAMES = (
    "normal",
    "70 % zeros, rest log-normal",
    "binary, p = 0.1",
    "20 even levels",
    "100 levels, Zipf 1.2",
)
REFERENCE = 20  # windows; many of them, since draws that share a reference go together
TABLES = 200
DRAWS = 1_000


def tails(scale: float) -> Measured:
    cells = Cells()
    for name in NAMES:
        for n in SIZES:
            measure(name, n, max(50, int(DRAWS * scale)), cells)
        print(f"tails  {name}", flush=True)
    rows = []
    for metric in DRIFT:
        for name in NAMES:
            if cells.pooled(metric, name).draws:
                rates = [cells.pooled(metric, name, alpha) for alpha in ALPHAS]
                cell = [with_error(r, a) for r, a in zip(rates, ALPHAS, strict=True)]
                rows.append([f"`{metric}`", name, *cell])
    return {"tails": table(["metric", "column", *map(digits, ALPHAS)], rows)}, cells.failures()


def measure(name: str, n: int, draws: int, cells: Cells) -> None:
    rng = generator("tails", name, n)
    for _ in range(TABLES):
        reference, shares = COLUMNS[name].fitted(rng, REFERENCE * n)
        if isinstance(reference, Histogram):
            # floors depend on the window a little; here they are those of the expected one
            expected = np.diff(np.round(np.cumsum([0.0, *shares]) * n)).astype(int).tolist()
            window = counted(reference, expected)
            theirs = rng.multinomial(n, shares, size=draws)
            mine = np.broadcast_to(np.asarray(reference.counts), theirs.shape)
            starts = [0, *(place + 1 for place in reference.coarse)]
            fine = (mine, theirs, reference.edges)
            coarse = tuple(np.add.reduceat(part, starts, axis=1) for part in (mine, theirs))
        else:
            [window] = windows(reference, shares, rng, n, 1)
            a, b = paired_counts(reference, window)
            seen = a + b > 0
            theirs = rng.multivariate_hypergeometric((a + b)[seen], n, draws, method="marginals")
            coarse, fine = ((a + b)[seen] - theirs, theirs), None
        for metric, values in _values(coarse, fine):
            for alpha in ALPHAS:
                floor = DRIFT[metric].noise_floor(reference, window, alpha)
                hits = int((values > floor * (1 + 1e-9)).sum())
                cells.count((metric, name, n, alpha), hits, draws)


def _values(
    coarse: tuple[Any, Any], fine: tuple[Any, Any, Any] | None
) -> Iterator[tuple[str, Floats]]:
    """Every drift metric of many pairs of counts, shape (draws, bins)."""
    a, b = coarse
    n, m = a.sum(axis=1)[:, None], b.sum(axis=1)[:, None]
    p, q = a / n, b / m
    middle = (p + q) / 2
    low, high = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
    yield "psi", np.sum((high - low) * np.log(high / low), axis=1)
    bits = np.sum(rel_entr(p, middle) + rel_entr(q, middle), axis=1) / (2 * math.log(2))
    yield "jensen_shannon", np.sqrt(np.maximum(bits, 0))
    yield "hellinger", np.sqrt(np.maximum(1 - np.sum(np.sqrt(p * q), axis=1), 0))
    yield "l_infinity", np.abs(p - q).max(axis=1)
    square = np.sum((p - q) ** 2 / np.maximum(p + q, 1e-300), axis=1)
    yield "chi_squared", np.sum((m * a - n * b) ** 2 / np.maximum(a + b, 1) / (n * m), axis=1)
    weight = (4 / (1 / n + 1 / m) - 1)[:, 0]
    excess = square / 2 - (np.count_nonzero(a + b, axis=1) - 1) / weight
    yield "cramers_v", np.sqrt(np.maximum(excess, 0) / (1 - 1 / weight))
    if fine is not None:
        a, b, edges = fine
        f, g = np.cumsum(a, axis=1) / n, np.cumsum(b, axis=1) / m
        yield "kolmogorov_smirnov", np.abs(f - g).max(axis=1)
        widths = np.diff(edges)
        if unit := step_deviation(f[0, :-2], widths):
            yield "wasserstein", np.abs(f - g)[:, :-2] @ widths / unit
