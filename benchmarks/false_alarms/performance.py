"""Realised performance that is called worse although the model is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.draws import generator
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Draw = Callable[[np.random.Generator, int], LabelledSummary]

ALPHAS = (0.05, 0.01, 0.005)
SIZES = (50, 200, 1_000, 10_000, 100_000, 1_000_000)
REFERENCES = (1, 5, 30)
JUDGED = 200  # the default of `performance.min_rows`; what fewer rows do is told all the same
MOST_ROWS = 3_000_000  # of errors, which are drawn row by row


def performance(scale: float) -> Measured:
    beyond = Cells()
    for name, (task, draw) in MODELS.items():
        for n in SIZES:
            for k in REFERENCES:
                rows = (k + 1) * n
                if task is Task.REGRESSION and rows > MOST_ROWS:
                    continue
                draws = max(
                    20, int((400 if rows < 100_000 or task is not Task.REGRESSION else 60) * scale)
                )
                measure((name, task, draw), (k, n), draws, beyond)
        print(f"performance {name}", flush=True)
    return {
        "performance by metric": _by_metric(beyond),
        "performance by size": _by_size(beyond),
    }, Cells({key: rate for key, rate in beyond.items() if key[2] >= JUDGED}).failures()  # type: ignore[operator]


def measure(
    model: tuple[str, Task, Draw], sizes: tuple[int, int], draws: int, cells: Cells
) -> None:
    name, task, draw = model
    k, n = sizes
    rng = generator("performance", name, k, n)
    for _ in range(draws):
        usual, found = draw(rng, k * n), draw(rng, n)
        for metric in PERFORMANCE.values():
            if task not in metric.tasks:
                continue
            for alpha in ALPHAS:
                confidence = interval_confidence(alpha)
                try:
                    reference, window = (
                        Estimate(
                            metric.compute(part),
                            *metric.interval(part, confidence),
                            part.n_rows,
                            part.rarer,
                        )
                        for part in (usual, found)
                    )
                except DataError:
                    continue  # rows of one class, say: the verdict is unknown
                verdict = judge_performance(
                    metric, window, reference, tolerance=0.0, decides=True
                ).verdict
                cells.count((name, metric.name, n, k, alpha), verdict is Verdict.FAIL)


def _by_metric(cells: Cells) -> str:
    rows = []
    for name in MODELS:
        for metric in PERFORMANCE:
            if cells.pooled(name, metric).draws:
                rates = [with_error(cells.pooled(name, metric, a), a) for a in ALPHAS]
                rows.append([name, f"`{metric}`", *rates])
    return table(["model", "metric", *(f"alpha {alpha:g}" for alpha in ALPHAS)], rows)


def _by_size(cells: Cells) -> str:
    rows = []
    for name in MODELS:
        line: list[object] = [name]
        for n in SIZES:
            rates = {m: cells.pooled(name, m, n, ALPHAS[0]) for m in PERFORMANCE}
            metric, worst = max(
                ((m, rate) for m, rate in rates.items() if rate.draws),
                key=lambda item: item[1].value,
            )
            line.append(f"{with_error(worst, ALPHAS[0])} (`{metric}`)")
        rows.append(line)
    return table(["model", *(f"n = {n:,}" for n in SIZES)], rows)


def _scores(a: float, b: float) -> Draw:
    """A calibrated binary model whose score is Beta(a, b), on a thousand values."""
    grid = (np.arange(1_000) + 0.5) / 1_000
    density = grid ** (a - 1) * (1 - grid) ** (b - 1)
    cells = np.concatenate([density * (1 - grid), density * grid]) / density.sum()

    def draw(rng: np.random.Generator, n: int) -> LabelledSummary:
        negatives, positives = rng.multinomial(n, cells).reshape(2, -1)
        seen = negatives + positives > 0
        decided = grid >= 0.5
        table = np.array(
            [[part[~decided].sum(), part[decided].sum()] for part in (negatives, positives)]
        )
        scores = ScoreTable(grid[seen], negatives[seen], positives[seen])
        return LabelledSummary(n, n, scores, Confusion(("no", "yes"), table))

    return draw


def _classes(k: int, atoms: int = 400) -> Draw:
    """A calibrated model of `k` classes with `atoms` possible vectors of probabilities."""
    proba = np.random.default_rng(1).dirichlet(np.full(k, 0.8), atoms).round(6)
    proba /= proba.sum(axis=1, keepdims=True)
    names = tuple(f"class {i}" for i in range(k))
    decided = proba.argmax(axis=1)

    def draw(rng: np.random.Generator, n: int) -> LabelledSummary:
        counts = rng.multinomial(n, proba.ravel() / atoms).reshape(atoms, k)
        table = np.zeros((k, k), dtype=np.int64)
        np.add.at(table.T, decided, counts)
        tables = {}
        for i, name in enumerate(names):
            order = np.argsort(proba[:, i])
            positive, everything = counts[order, i], counts[order].sum(axis=1)
            seen = everything > 0
            tables[name] = ScoreTable(
                proba[order, i][seen], (everything - positive)[seen], positive[seen]
            )
        return LabelledSummary(n, n, None, Confusion(names, table), tables)

    return draw


def _errors(heavy: bool) -> Draw:
    """Log-normal labels (sigma 0.7) with errors in proportion to them, or normal ones."""

    def draw(rng: np.random.Generator, n: int) -> LabelledSummary:
        if heavy:
            label = rng.lognormal(1.0, 0.7, n)
            predicted = label * rng.lognormal(0.05, 0.2, n)
        else:
            label = rng.normal(20.0, 3.0, n)
            predicted = label + rng.normal(0.1, 1.0, n)
        return LabelledSummary(n, n, residuals=_residuals(label, predicted))

    return draw


def _residuals(label: Floats, predicted: Floats) -> Residuals:
    error = predicted - label
    relative, log = np.abs(error) / np.abs(label), np.log1p(predicted) - np.log1p(label)
    return Residuals(
        len(label),
        *(float(np.sum(part)) for part in (error, np.abs(error), error**2, error**4)),
        *(float(np.sum(part)) for part in (label, label**2, relative, relative**2)),
        len(label),
        float(np.sum(log**2)),
        float(np.sum(log**4)),
    )


MODELS: dict[str, tuple[Task, Draw]] = {
    "binary, 43 % positive": (Task.BINARY, _scores(1.2, 1.6)),
    "binary, 5 % positive": (Task.BINARY, _scores(0.5, 9.5)),
    "4 classes": (Task.MULTICLASS, _classes(4)),
    "regression, normal errors": (Task.REGRESSION, _errors(heavy=False)),
    "regression, heavy tails": (Task.REGRESSION, _errors(heavy=True)),
}
