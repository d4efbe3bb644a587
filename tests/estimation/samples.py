"""Rows made up for estimation, and the summaries that an engine would give of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.predicted import PredictedSummary, ScoreCounts
from tests.metrics.samples import confusion, score_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

BINARY = ("negative", "positive")


def score_counts(score: Floats, decided: Ints, classes: tuple[str, ...] = BINARY) -> ScoreCounts:
    """Counts per score and decided class; -1 is no decision."""
    scores, at = np.unique(score, return_inverse=True)
    pairs, counts = np.unique(np.stack([at, decided]), axis=1, return_counts=True)
    return ScoreCounts(scores, classes, pairs[0], pairs[1], counts)


def predicted(score: Floats, threshold: float = 0.5) -> PredictedSummary:
    """A binary model's window, decided at `threshold`."""
    return PredictedSummary(len(score), score_counts(score, (score >= threshold).astype(np.int64)))


def labelled(score: Floats, label: Ints, threshold: float = 0.5) -> LabelledSummary:
    """The same rows with their labels."""
    decided = (score >= threshold).astype(np.int64)
    table = confusion(label, decided, BINARY)
    return LabelledSummary(len(label), len(label), score_table(label, score), table)


def draw(rng: np.random.Generator, n: int, a: float = 2.0, b: float = 2.0) -> tuple[Floats, Ints]:
    """Beta distributed scores that overstate, and their labels."""
    score = rng.beta(a, b, n).round(3)
    return score, (rng.uniform(size=n) < meaning(score)).astype(np.int64)


def meaning(score: Floats) -> Floats:
    """Probability of the positive class at a score of `draw`: another law than the score itself."""
    return np.asarray(1 / (1 + np.exp(1.8 - 4.5 * score)))
