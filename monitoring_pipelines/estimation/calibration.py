r"""How probable the positive class is at a score, learnt from the labels of the reference.

Isotonic regression is the least-squares fit of a share that never falls as the score rises [1]_,
here of groups of rows with similar scores, linear between the groups' means. A score beyond those
of the reference has the share of the nearest group. It is used even if the scores seem calibrated:
whether they are cannot be told well enough. (Of 60,000 rows whose scores have two digits the Brier
score of unseen rows prefers the raw ones, and the area under the curve is then 0.002 too high; the
expected calibration error decides by a toss.)

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
from monitoring_pipelines.summaries.score_table import ScoreTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDS = 10
# so many rows are taken together, or a twentieth of fewer than 1,000. By single rows the regression
# finds shares of 0 and 1 at the ends, and performance is overestimated: of 1,000 rows in the
# reference the area under the curve by 0.010, with groups of 50 by 0.001 (simulated)
GROUP, GROUPS = 50, 20
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
    """`curve` is fitted on all rows, each of `folds` without a tenth of them."""

    curve: Curve
    folds: tuple[Curve, ...]


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
    return Calibrator(_fit(table), tuple(_fit(_without(table, part)) for part in _parts(table)))


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
    group = (np.cumsum(rows) - rows) // max(1, min(GROUP, table.n // GROUPS))
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
