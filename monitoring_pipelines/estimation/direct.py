r"""Direct loss estimation: the errors that a regression's features let expect before labels come.

With :math:`n_b` predictions of a window in leaf :math:`b` of a tree over the features and the
prediction (see `loss_tree`), and :math:`\bar\ell_b` the mean of a loss over the reference's
labelled rows there, the sum of the window's losses is expected to be [1]_, [2]_

.. math::

    \sum_b n_b\, \bar\ell_b

for each sum that `Residuals` has, so every metric follows by its own formula. The labels' own
spread is that of the predictions, which are known, and of what the two differ by. Ten folds of the
reference, without a tenth of it each, give the jackknife error.

It holds while rows with like features have like errors (covariate shift). A leaf that the
reference's segment has no row in has the mean of all leaves. That the leaves were chosen on some of
the same rows is not in the interval; rows beyond the range of the reference are in its outermost
leaf.

References
----------
.. [1] NannyML, "Direct Loss Estimation",
   https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html
.. [2] D. Holt and T. M. F. Smith, "Post stratification", J. R. Stat. Soc. A 142(1), 33-46, 1979.
   doi:10.2307/2344652
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import NoLabelError, NotApplicableError
from monitoring_pipelines.estimation.expected import Expectation
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.leaves import SUMS
from monitoring_pipelines.summaries.residuals import Residuals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.leaves import LeafCounts, LeafLosses

    Floats = NDArray[np.float64]


def expect_losses(counts: LeafCounts, losses: LeafLosses, segment: str = "") -> Expectation:
    """Expected losses of a window's predictions, by those of like rows in the reference.

    Raises
    ------
    NoLabelError
        If the reference's segment has no labelled row with a prediction.
    NotApplicableError
        If the window has no row with a prediction.
    """
    folds = losses.sums.get(segment)
    if folds is None or not folds[:, :, 0].sum():
        raise NoLabelError("predicted number in the reference")
    if not counts.counts.sum():
        raise NotApplicableError("no row has a predicted number to estimate from")
    whole = folds.sum(axis=0)
    without = [whole - fold for fold in folds if 0 < fold[:, 0].sum() < whole[:, 0].sum()]
    parts = [_expected(counts, sums, losses.offset) for sums in (whole, *without)]
    return Expectation(parts[0], tuple(parts[1:]) or (parts[0],))


def _expected(counts: LeafCounts, sums: Floats, offset: float) -> LabelledSummary:
    rows = sums[:, :1]
    means = np.divide(sums, rows, out=np.zeros_like(sums), where=rows > 0)
    means[rows[:, 0] == 0] = sums.sum(axis=0) / rows.sum()
    n = int(counts.counts.sum())
    total = dict(zip(SUMS, (counts.counts @ means).tolist(), strict=True))
    return LabelledSummary(
        n,
        n,
        residuals=Residuals(
            n=n,
            error=total["error"],
            absolute=total["absolute"],
            squared=total["squared"],
            quartic=total["quartic"],
            label=counts.predicted - total["error"],
            label_squared=counts.predicted_squared + total["spread"],
            relative=total["relative"],
            relative_squared=total["relative_squared"],
            n_log=round(total["n_log"]),
            log_squared=total["log_squared"],
            log_quartic=total["log_quartic"],
            offset=offset,
        ),
    )
