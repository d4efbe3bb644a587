r"""How probable the positive class is at a score, learnt from the labels of the reference.

Isotonic regression is the least-squares fit of a share that never falls as the score rises [1]_,
here of groups of 50 rows, linear between their mean scores. It is used only if it lowers the Brier
score of rows that it has not seen, in ten folds; a score that is calibrated already is taken as it
is. (The expected calibration error, which others ask, decides by a toss: of eight samples of 2,000
rows with calibrated scores it asked for a calibrator in four, the Brier score in none.) Scores
outside [0, 1] are no probabilities, and are always calibrated. A score beyond those of the
reference has the share of the nearest one.

The ten calibrators that were each fitted without a tenth of the rows also tell how far the
reference could have misled: by the jackknife [2]_,

.. math::

    \operatorname{var} M = \frac{9}{10} \sum_{f=1}^{10} (M_f - \overline{M})^2

for any number :math:`M` that is computed from the shares.

References
----------
.. [1] B. Zadrozny and C. Elkan, "Transforming classifier scores into accurate multiclass
   probability estimates", KDD 2002, 694-699. doi:10.1145/775047.775151
.. [2] J. Shao and C. F. J. Wu, "A general theory for jackknife variance estimation", Ann. Stat.
   17(3), 1176-1197, 1989. doi:10.1214/aos/1176347263
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.metrics.performance.brier_score import brier_score
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.score_table import ScoreTable, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDS = 10
# rows of similar score that are taken together. Single rows would let the regression find shares
# of 0 and 1 at the ends, and performance would be overestimated: of 1,000 rows in the reference the
# area under the curve by 0.010, with groups of 50 by 0.001 (simulated)
GROUP = 50
SEED = 20_260_101  # the same rows are in the same fold on every machine


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Share of positives at a score: linear between `scores`, which increase; flat outside."""

    scores: Floats
    shares: Floats

    def __call__(self, scores: Floats) -> Floats:
        """Shares at `scores`, of the same shape, in [0, 1]."""
        return np.interp(scores, self.scores, self.shares)


@dataclass(frozen=True, slots=True, eq=False)
class Calibrator:
    """`curve` tells the share of positives; None takes the score for it. `folds`: see above."""

    curve: Curve | None
    folds: tuple[Curve, ...]

    def __call__(self, scores: Floats) -> Floats:
        """Probability of the positive class at `scores`, of the same shape."""
        return scores if self.curve is None else self.curve(scores)


@lru_cache(maxsize=256)  # one reference serves every window of a run, with its segments
def fit_calibrator(table: ScoreTable) -> Calibrator:
    """Calibrator of the labels per score of a reference.

    Raises
    ------
    OneClassError
        If its labels are of one class.
    """
    if not table.n_negatives or not table.n_positives:
        raise OneClassError(table.n)
    parts = _parts(table)
    folds = tuple(_fit(_without(table, part)) for part in parts)
    raw = _loss(parts, [table.scores] * FOLDS)
    unseen = _loss(parts, [fold(table.scores) for fold in folds])
    return Calibrator(_fit(table) if unseen < raw else None, folds)


def jackknife_error(values: Sequence[float]) -> float:
    """Standard error of a number that has these `values` without one fold each.

    >>> jackknife_error([1.0, 2.0, 3.0])  # sqrt(2/3 * 2)
    1.1547
    """
    spread = np.asarray(values) - np.mean(values)
    return math.sqrt((len(values) - 1) / len(values) * float(spread @ spread))


def _fit(table: ScoreTable) -> Curve:
    from sklearn.isotonic import IsotonicRegression

    rows = table.negatives + table.positives
    seen = rows > 0
    scores, rows, positives = table.scores[seen], rows[seen], table.positives[seen]
    group = (np.cumsum(rows) - rows) // GROUP
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    n = np.add.reduceat(rows, starts)
    centres = np.add.reduceat(scores * rows, starts) / n
    shares = np.add.reduceat(positives, starts) / n
    return Curve(centres, IsotonicRegression().fit_transform(centres, shares, sample_weight=n))


def _parts(table: ScoreTable) -> list[ScoreTable]:
    """Deal each row to one of the folds by chance."""
    rng = np.random.default_rng(SEED)
    left = [table.negatives.copy(), table.positives.copy()]
    parts = []
    for fold in range(FOLDS):
        taken = [rng.binomial(counts, 1 / (FOLDS - fold)) for counts in left]
        left = [counts - some for counts, some in zip(left, taken, strict=True)]
        parts.append(ScoreTable(table.scores, *taken))
    return parts


def _without(table: ScoreTable, part: ScoreTable) -> ScoreTable:
    return ScoreTable(
        table.scores, table.negatives - part.negatives, table.positives - part.positives
    )


def _loss(parts: list[ScoreTable], probabilities: list[Floats]) -> float:
    """Brier score of the rows of `parts` if their scores have the probabilities beside them."""
    probability = np.concatenate(probabilities)
    if probability.min() < 0 or probability.max() > 1:
        return math.inf
    table = table_of(
        probability,
        np.concatenate([part.negatives for part in parts]),
        np.concatenate([part.positives for part in parts]),
    )
    return brier_score(LabelledSummary(table.n, table.n, scores=table))
