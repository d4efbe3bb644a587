"""Rises of shares of bad values: of a fixed probability, and of what only the reference defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.draws import COLUMNS, generator, windows
from benchmarks.tables import Cells, Measured, table
from monitoring_pipelines.checks.judgement import Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.moments import Moments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALPHAS = (0.05, 0.01, 1e-3, 1e-4)
SIZES = (50, 200, 1_000, 10_000, 100_000, 1_000_000)
REFERENCES = (1, 5, 30)
SHARES = (0.001, 0.01, 0.1, 0.5)
RISE = {Verdict.WARN, Verdict.FAIL}

ColumnPair = tuple[ColumnSummary, ColumnSummary]


def shares(scale: float) -> Measured:
    cells = Cells()
    for p in SHARES:
        for n in SIZES:
            for k in REFERENCES:
                constant(p, (k, n), int(5_000 * scale), cells)
        print(f"shares {p}", flush=True)
    for name in FIRST_SEEN:
        for n in SIZES[:4]:
            for k in REFERENCES:
                first_seen(name, (k, n), int(2_000 * scale), cells)
        print(f"shares {name}", flush=True)
    names = dict.fromkeys(key[0] for key in cells)
    rows = [[name, *(cells.worst(name, alpha) for alpha in ALPHAS)] for name in names]
    return {"shares": table(["share", *(f"alpha {a:g}" for a in ALPHAS)], rows)}, cells.failures()


def constant(p: float, sizes: tuple[int, int], draws: int, cells: Cells) -> None:
    """Bad rows of probability `p` in both periods."""
    k, n = sizes
    rng = generator("share", p, n, k)
    bad, usual = rng.binomial(n, p, draws), rng.binomial(k * n, p, draws)
    pairs, counts = np.unique(np.stack([bad, usual]), axis=1, return_counts=True)
    for (b, u), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        for alpha, hit in _rises((b, n), (u, k * n)):
            cells.count((f"of probability {p:g}", n, k, alpha), count * hit, count)


def first_seen(name: str, sizes: tuple[int, int], draws: int, cells: Cells) -> None:
    """Levels that the reference happened to lack, and values beyond its range."""
    k, n = sizes
    rng, metric = generator(name, n, k), QUALITY[name]
    title, draw = FIRST_SEEN[name]
    for _ in range(draws):
        before, now = draw(rng, k * n, n)
        found, usual = metric.compute(before, now), metric.usual(before)
        for alpha, hit in _rises(found, usual):
            cells.count((f"`{name}`, {title}", n, k, alpha), hit)


def _rises(found: tuple[int, int], usual: tuple[int, int]) -> Iterator[tuple[float, bool]]:
    """Whether it is a rise at each alpha; what is none at one alpha is none at a smaller one."""
    hit = True
    for alpha in ALPHAS:
        shares = Share(*found), Share(*usual)
        hit = hit and judge_share(*shares, alpha=alpha, tolerance=0.0).verdict in RISE
        yield alpha, hit


def _levels(rng: np.random.Generator, n: int, size: int) -> ColumnPair:
    reference, true = COLUMNS["100 levels, Zipf 1.2"].fitted(rng, n)
    [window] = windows(reference, true, rng, size, 1)
    assert isinstance(reference, Categories)
    assert isinstance(window, Categories)
    kind = ColumnKind.CATEGORICAL
    return (
        ColumnSummary("x", kind, "text", n, 0, categories=reference),
        ColumnSummary("x", kind, "text", size, 0, categories=window),
    )


def _numbers(rng: np.random.Generator, n: int, size: int) -> ColumnPair:
    """The range of `n` numbers holds a Beta(n - 1, 2) distributed share, whatever they follow."""
    outside = int(rng.binomial(size, 1 - rng.beta(n - 1, 2)))
    kind, moments = ColumnKind.NUMERIC, Moments(size, 0.0, 1.0, -2.0, 2.0)
    return (
        ColumnSummary("x", kind, "float", n, 0, moments=Moments(n, 0.0, 1.0, -1.0, 1.0)),
        ColumnSummary("x", kind, "float", size, 0, n_out_of_range=outside, moments=moments),
    )


FIRST_SEEN: dict[str, tuple[str, Callable[[np.random.Generator, int, int], ColumnPair]]] = {
    "unseen_rate": ("100 levels, Zipf 1.2", _levels),
    "out_of_range_rate": ("any continuous numbers", _numbers),
}
