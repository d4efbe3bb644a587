"""Rows made up for tests, and the summaries of them that an engine would give."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.ranked import Ranked
from monitoring_pipelines.summaries.ratings import Ratings
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable
from monitoring_pipelines.summaries.vectors import VectorMoments, Vectors, VectorSample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EPS = float(np.finfo(np.float64).eps)


def histogram(*counts: int) -> Histogram:
    return Histogram(edges=tuple(float(i) for i in range(len(counts) - 1)), counts=counts)


def categories(*counts: int, other: int = 0) -> Categories:
    return Categories(tuple(f"level {i}" for i in range(len(counts))), counts, other)


def binned(values: Floats, edges: Floats, coarse: tuple[int, ...] = ()) -> Histogram:
    """Bins closed on the right, as an engine counts them."""
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), coarse)


def vectors(rows: Floats, rng: np.random.Generator | None = None, size: int = 2_000) -> Vectors:
    """Rows in the coordinates of a frame with a standard deviation of 1, and two projections."""
    rng = rng or np.random.default_rng(0)
    hashes = rng.integers(0, 2**62, len(rows))
    along = tuple(binned(rows[:, i], np.linspace(-3, 3, 61)) for i in range(min(2, rows.shape[1])))
    sample = VectorSample.of(hashes, rows, size)
    return Vectors(rows.shape[1], 1.0, VectorMoments.of(rows), sample, along)


def fitted_edges(reference: Floats, n: int = 100) -> tuple[Floats, tuple[int, ...]]:
    """Distinct quantiles of the reference, and which of them are its deciles."""
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, n + 1)))
    deciles = np.quantile(reference, np.linspace(0, 1, 11)[1:-1])
    places = np.unique(np.searchsorted(edges, deciles))
    return edges, tuple(int(i) for i in places if i < len(edges))


def score_table(label: Ints, score: Floats) -> ScoreTable:
    values, place = np.unique(score, return_inverse=True)
    negatives = np.bincount(place[label == 0], minlength=len(values)).astype(np.int64)
    positives = np.bincount(place[label == 1], minlength=len(values)).astype(np.int64)
    return ScoreTable(values, negatives, positives)


def confusion(label: Ints, decided: Ints, classes: tuple[str, ...]) -> Confusion:
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (label, decided), 1)
    return Confusion(classes, counts)


def residuals(label: Floats, predicted: Floats, offset: float = 0.0) -> Residuals:
    error = predicted - label
    relative = np.abs(error) / np.maximum(np.abs(label), EPS)
    fit = (label > -1) & (predicted > -1)
    log = np.log1p(predicted[fit]) - np.log1p(label[fit])
    shifted = label - offset
    return Residuals(
        len(label),
        float(error.sum()),
        float(np.abs(error).sum()),
        float((error**2).sum()),
        float((error**4).sum()),
        float(shifted.sum()),
        float((shifted**2).sum()),
        float(relative.sum()),
        float((relative**2).sum()),
        int(fit.sum()),
        float((log**2).sum()),
        float((log**4).sum()),
        offset,
    )


def binary_rows(rng: np.random.Generator, n: int, digits: int = 12) -> tuple[Ints, Floats]:
    """Labels and calibrated probabilities; few `digits` make ties."""
    score = np.round(rng.beta(1.2, 1.5, n), digits)
    return (rng.random(n) < score).astype(np.int64), score


def binary(label: Ints, score: Floats, limit: float = 0.5) -> LabelledSummary:
    table = confusion(label, (score >= limit).astype(np.int64), ("no", "yes"))
    return LabelledSummary(len(label), len(label), score_table(label, score), table)


def multiclass_rows(rng: np.random.Generator, n: int, k: int = 3) -> tuple[Ints, Floats]:
    """Labels and calibrated probabilities of `k` classes."""
    score = rng.dirichlet(np.full(k, 0.8), n)
    label = (score.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
    return np.minimum(label, k - 1).astype(np.int64), score


def multiclass(label: Ints, score: Floats) -> LabelledSummary:
    names = tuple(f"class {i}" for i in range(score.shape[1]))
    tables = {
        name: score_table((label == i).astype(np.int64), score[:, i])
        for i, name in enumerate(names)
    }
    table = confusion(label, score.argmax(axis=1), names)
    n, found = len(label), ranked(label, score)
    return LabelledSummary(n, n, confusion=table, class_scores=tables, ranked=found)


def ranked(label: Ints, score: Floats) -> Ranked:
    """Ranks, confidence and label issues."""
    k, own = score.shape[1], np.take_along_axis(score, label[:, None], axis=1)
    ahead = (score > own) | ((score == own) & (np.arange(k) > label[:, None]))
    ranks = np.bincount(ahead.sum(axis=1), minlength=k)
    least = [score[label == j, j].mean() if (label == j).any() else np.inf for j in range(k)]
    enough = np.where(score >= np.array(least), score, -1.0)
    n_issues = np.count_nonzero((enough.max(axis=1) >= 0) & (enough.argmax(axis=1) != label))
    right = (score.argmax(axis=1) == label).astype(np.int64)
    return Ranked(ranks, score_table(right, score.max(axis=1)), n_issues)


def regression_rows(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Labels and predictions with a multiplicative error."""
    label = rng.lognormal(1.0, 0.7, n)
    return label, label * rng.lognormal(0.05, 0.2, n)


def regression(label: Floats, predicted: Floats, offset: float = 0.0) -> LabelledSummary:
    return LabelledSummary(len(label), len(label), residuals=residuals(label, predicted, offset))


def rated(scores: Floats) -> LabelledSummary:
    """Answers that a judge has given these scores."""
    mean = float(scores.mean())
    m2 = float(((scores - mean) ** 2).sum())
    moments = Moments(len(scores), mean, m2, float(scores.min()), float(scores.max()))
    return LabelledSummary(
        len(scores), len(scores), ratings=Ratings(moments, {"judge": len(scores)})
    )
