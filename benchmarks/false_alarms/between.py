"""Windows that differ by more than the chance of their rows, although nothing changed."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.draws import generator
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.backends.duckdb.fit import PERCENTILES
from monitoring_pipelines.checks.between import widened_change, widened_estimate
from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Change, Estimate
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE
from monitoring_pipelines.pipeline.drift import usual_changes
from monitoring_pipelines.stats.intervals import clopper_pearson, normal_quantile
from monitoring_pipelines.summaries.binning import quantile_edges
from monitoring_pipelines.summaries.histogram import Histogram

ALPHAS = (0.01, 1e-3)
ROWS = 2_000
REFERENCES = (1, 2, 5, 30)
MOVES = (0.0, 0.05, 0.1, 0.2)  # standard deviation of the windows' means
SWINGS = (0.0, 0.004, 0.01, 0.03)  # of the windows' accuracies
PARTS = ("rows", "windows")


def between(scale: float) -> Measured:
    drifted, worse = Cells(), Cells()
    for k in REFERENCES:
        for i, move in enumerate(MOVES):
            drift(k, move, int(400 * scale), drifted)
            accuracy(k, SWINGS[i], int(4_000 * scale), worse)
    print("between", flush=True)
    rows = []
    for what, spreads, cells in (
        ("drift, sd of the mean", MOVES, drifted),
        ("accuracy, sd", SWINGS, worse),
    ):
        for spread in spreads:
            for k in REFERENCES:
                rates = [
                    with_error(cells.pooled(part, f"{spread:g}", k, a), a)
                    for a in ALPHAS
                    for part in PARTS
                ]
                rows.append([f"{what} {spread:g}", k, *rates])
    head = [
        "windows differ by",
        "k",
        *(
            f"alpha {a:g}, {part} only" if part == "rows" else f"alpha {a:g}, widened"
            for a in ALPHAS
            for part in PARTS
        ),
    ]
    # what is promised: up to a spread like the prior's for any k, any spread for many windows
    promised = Cells(
        {
            key: rate
            for cells, usual in ((drifted, MOVES[1]), (worse, SWINGS[1]))
            for key, rate in cells.items()
            if key[0] == "windows"
            # a fifth of Wasserstein's tolerance is a mean that varies by 0.02
            and (float(str(key[1])) <= (0 if "wasserstein" in key else usual) or key[2] == 30)
        }
    )
    return {"between": table(head, rows)}, promised.failures()


def drift(k: int, move: float, draws: int, cells: Cells) -> None:
    rng = generator("between", k, move)
    edges, coarse = quantile_edges(ndtri(np.asarray(PERCENTILES)).tolist())

    def window() -> Histogram:
        below = ndtr(np.asarray(edges) - move * rng.normal())
        shares = np.diff(np.concatenate([[0.0], below, [1.0]]))
        return Histogram(edges, tuple(rng.multinomial(ROWS, shares).tolist()), coarse)

    for _ in range(draws):
        parts, found = [window() for _ in range(k)], window()
        reference: Any = reduce(add, parts)
        for metric in DRIFT.values():
            if not metric.tolerance or not isinstance(found, metric.kinds):
                continue
            usual = usual_changes(metric, parts)
            for alpha in ALPHAS:
                change = Change(
                    metric.compute(reference, found),
                    metric.noise_floor(reference, found, alpha),
                    metric.expected(reference, found),
                    ROWS,
                )
                wide = widened_change(metric, change, usual, alpha)
                for part, one in zip(PARTS, (change, wide), strict=True):
                    cells.count(
                        (part, f"{move:g}", k, metric.name, alpha), one.value > one.noise_floor
                    )


def accuracy(k: int, swing: float, draws: int, cells: Cells) -> None:
    rng, metric = generator("swing", k, swing), PERFORMANCE["accuracy"]
    right = rng.binomial(ROWS, np.clip(0.8 + swing * rng.normal(size=(draws, k + 1)), 0, 1))
    for *earlier, found in right.tolist():
        for alpha in ALPHAS:
            confidence = interval_confidence(alpha)
            parts = [_share(one, ROWS, 0.95) for one in earlier]
            reference = _share(sum(earlier), k * ROWS, confidence)
            wide = widened_estimate(
                reference, parts, metric.tolerance, alpha, normal_quantile(0.95)
            )
            for part, usual in zip(PARTS, (reference, wide), strict=True):
                judged = judge_performance(
                    metric, _share(found, ROWS, confidence), usual, tolerance=0.0, decides=True
                )
                cells.count((part, f"{swing:g}", k, alpha), judged.verdict is Verdict.FAIL)


def _share(right: int, n: int, confidence: float) -> Estimate:
    return Estimate(right / n, *clopper_pearson(right, n, confidence), n)
