r"""What is split: a mean of the rows' losses, its root, or the area under the ROC curve.

Each is a smooth function :math:`V` of the mean of a vector per row (the loss; or which bin of the
score the row is in, and its class). A part of the rows counts as the sum of its vectors, so any
mixture of parts has a value, and by the delta method a standard error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from monitoring_pipelines.domain.task import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.partition import Cells

Vector: TypeAlias = "NDArray[np.float64]"


class Kind(StrEnum):
    """How a measure follows from its sums."""

    MEAN = "mean"
    ROOT = "root"
    AREA = "area"


KINDS = {
    "accuracy": Kind.MEAN,
    "bias": Kind.MEAN,
    "brier_score": Kind.MEAN,
    "log_loss": Kind.MEAN,
    "mae": Kind.MEAN,
    "mape": Kind.MEAN,
    "mse": Kind.MEAN,
    "rmse": Kind.ROOT,
    "rmsle": Kind.ROOT,
    "roc_auc": Kind.AREA,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A performance metric that can be split."""

    name: str
    kind: Kind

    def means(self, cells: Cells) -> Vector:
        """Mean vector of each part, shape (k, m); NaN of a part without a labelled row."""
        sums = cells.sums if self.kind is Kind.AREA else cells.sums[:, :1]
        n = cells.labelled[:, None].astype(np.float64)
        found: Vector = np.divide(sums, n, out=np.full(sums.shape, np.nan), where=n > 0)
        return found

    def value(self, mean: Vector) -> Vector:
        """The measure of each mean vector, shape (..., m) to (...); NaN where there is none."""
        first: Vector = mean[..., 0]
        if self.kind is Kind.MEAN:
            return first
        if self.kind is Kind.ROOT:
            return np.sqrt(np.maximum(first, 0.0))
        negatives, positives = np.split(mean, 2, axis=-1)
        pairs = negatives.sum(axis=-1) * positives.sum(axis=-1)
        below = np.cumsum(negatives, axis=-1) - negatives / 2
        right = (below * positives).sum(axis=-1)
        none = np.full(np.shape(pairs), np.nan)
        area: Vector = np.divide(right, pairs, out=none, where=pairs > 0)
        return area

    def gradient(self, mean: Vector) -> Vector:
        """Derivative of the measure by a mean vector, both of shape (m,)."""
        if self.kind is Kind.MEAN:
            return np.ones(1)
        value = self.value(mean)
        if self.kind is Kind.ROOT:
            return np.array([0.5 / value if value > 0 else 0.0])
        negatives, positives = np.split(mean, 2)
        n0, n1 = negatives.sum(), positives.sum()
        if not n0 or not n1:
            return np.full(len(mean), np.nan)
        below = (np.cumsum(negatives) - negatives / 2) / n0
        above = (n1 - np.cumsum(positives) + positives / 2) / n1
        return np.concatenate([(above - value) / n0, (below - value) / n1])

    def squares(self, cells: Cells, slope: Vector, shift: Vector) -> float:
        """Sum over labelled rows of ``(slope · row + shift)²``, slope (k, m) and shift (k,)."""
        if self.kind is Kind.AREA:
            return float((cells.sums * (slope + shift[:, None]) ** 2).sum())
        total, squared = cells.sums[:, 0], cells.sums[:, 1]
        slope = slope[:, 0]
        return float(slope**2 @ squared + 2 * (slope * shift) @ total + shift**2 @ cells.labelled)


def measure_of(metric: str, task: Task) -> Measure:
    """The metric itself if it can be split, else the one of its task that is told instead.

    >>> measure_of("rmse", Task.REGRESSION).name, measure_of("f1", Task.BINARY).name
    ('rmse', 'accuracy')
    """
    if metric not in KINDS:
        metric = "mae" if task is Task.REGRESSION else "accuracy"
    return Measure(metric, KINDS[metric])
