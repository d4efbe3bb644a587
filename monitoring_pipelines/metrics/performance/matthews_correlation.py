r"""Matthews correlation: correlation of the true and the decided class.

.. math::

    \frac{\mathrm{TP}\,\mathrm{TN} - \mathrm{FP}\,\mathrm{FN}}
         {\sqrt{(\mathrm{TP} + \mathrm{FP})(\mathrm{TP} + \mathrm{FN})
                (\mathrm{TN} + \mathrm{FP})(\mathrm{TN} + \mathrm{FN})}}

and Gorodkin's generalisation [2]_ for more classes. It is in [-1, 1] and higher is better: 1 is
perfect, 0 chance, -1 always wrong. All four cells count.

Of two classes the correlation is a function of three independent shares: of the positive labels,
and of the positive decisions among the rows of either label. Each is moved to the ends of its exact
interval, and the changes add up as squares [3]_. The same is done with labels and decisions
exchanged, and the wider arm counts: the delta method is wrong for a class that few rows have or
were decided to be of (of windows with eight decisions for a class it called up to fifteen times too
many worse). Of more classes the interval is the delta method on Fisher's scale, from the table with
half a row added to each cell, widened to hold the value.

No labelled row is an error, and so are labels or decisions of one class only, where it is 0 / 0. A
row without a decided class is not counted; there are no ties.

References
----------
.. [1] B. W. Matthews, "Comparison of the predicted and observed secondary structure of T4 phage
   lysozyme", Biochim. Biophys. Acta 405(2), 442-451, 1975. doi:10.1016/0005-2795(75)90109-9
.. [2] J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient",
   Comput. Biol. Chem. 28(5-6), 367-374, 2004. doi:10.1016/j.compbiolchem.2004.09.006
.. [3] G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a
   general approach", Stat. Med. 27(10), 1693-1702, 2008. doi:10.1002/sim.3095
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import NotApplicableError, OneClassError
from monitoring_pipelines.metrics.base import PERFORMANCE, Direction, Interval, PerformanceMetric
from monitoring_pipelines.metrics.labelled_parts import confusion
from monitoring_pipelines.stats.delta import standard_error
from monitoring_pipelines.stats.intervals import clopper_pearson, normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.confusion import Confusion
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def matthews_correlation(labelled: LabelledSummary) -> float:
    """Correlation of the two classes.

    >>> import numpy as np
    >>> from monitoring_pipelines.summaries.confusion import Confusion
    >>> from monitoring_pipelines.summaries.labelled import LabelledSummary
    >>> table = Confusion(("no", "yes"), np.array([[50, 10], [20, 20]]))
    >>> matthews_correlation(LabelledSummary(100, 100, confusion=table))  # 800 / sqrt(5040000)
    0.3563
    """
    return _correlation(_defined(labelled).counts.astype(np.float64))


def matthews_correlation_interval(labelled: LabelledSummary, confidence: float) -> Interval:
    """Arms of three exact shares added as squares; of more classes the delta method."""
    value, table = matthews_correlation(labelled), _defined(labelled)
    if len(table.classes) == 2:  # noqa: PLR2004 - two classes
        cells = table.counts.astype(np.float64)
        arms = (_arms(part, value, confidence) for part in (cells, cells.T))
        below, above = (max(sides) for sides in zip(*arms, strict=True))
        return max(-1.0, value - below), min(1.0, value + above)
    return _smooth(value, table, confidence)


def _arms(cells: NDArray[np.float64], value: float, confidence: float) -> tuple[float, float]:
    """How far three shares, of row 1 and of column 1 in either row, move the correlation."""
    rows, n = cells.sum(axis=1), float(cells.sum())
    parts = ((rows[1], n), *((cells[row, 1], rows[row]) for row in range(2)))
    shares = [part / whole for part, whole in parts]
    below = above = 0.0
    for place, (part, whole) in enumerate(parts):
        # an expected table may have less than one row of a class
        ends = clopper_pearson(float(part), max(1.0, float(whole)), confidence)
        moved = [_of_shares([*shares[:place], end, *shares[place + 1 :]]) - value for end in ends]
        below, above = math.hypot(below, min(*moved, 0.0)), math.hypot(above, max(*moved, 0.0))
    return below, above


def _of_shares(shares: list[float]) -> float:
    """Correlation at the shares of row 1, and of column 1 in row 0 and in row 1."""
    row, first, second = shares
    column = (1 - row) * first + row * second
    spread = row * (1 - row) * column * (1 - column)
    return row * (1 - row) * (second - first) / math.sqrt(spread) if spread > 0 else 0.0


def _smooth(value: float, table: Confusion, confidence: float) -> Interval:
    """Delta method on Fisher's scale; half a row in every cell tells the error of empty ones."""
    counts = table.counts.astype(np.float64) + 0.5
    smoothed = _correlation(counts)
    # half rows pull it down, and a window would look worse than it is: around the value itself too
    centres = (smoothed, value if -1 < value < 1 else smoothed)
    ends = [value]
    for centre, n in zip(centres, (float(counts.sum()), table.n), strict=True):
        error = standard_error(_correlation, counts, n)
        arm = normal_quantile(confidence) * error / (1 - centre**2)
        ends += [math.tanh(math.atanh(centre) - arm), math.tanh(math.atanh(centre) + arm)]
    return min(ends), max(ends)


def _defined(labelled: LabelledSummary) -> Confusion:
    table = confusion(labelled)
    if np.count_nonzero(table.counts.sum(axis=1)) < 2:  # noqa: PLR2004 - a correlation needs two
        raise OneClassError(table.n)
    if np.count_nonzero(table.counts.sum(axis=0)) < 2:  # noqa: PLR2004
        raise NotApplicableError(f"all {table.n:,} rows were decided to be of one class")
    return table


def _correlation(counts: NDArray[np.float64]) -> float:
    n, label, prediction = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
    together = np.trace(counts) * n - label @ prediction
    apart = (n * n - label @ label) * (n * n - prediction @ prediction)
    return float(together / math.sqrt(float(apart)))


METRIC = PerformanceMetric(
    name="matthews_correlation",
    tasks=frozenset({Task.BINARY, Task.MULTICLASS}),
    bounds=(-1.0, 1.0),
    direction=Direction.LOWER_IS_WORSE,
    tolerance=0.02,
    relative=False,
    compute=matthews_correlation,
    interval=matthews_correlation_interval,
)
PERFORMANCE.add(METRIC.name, METRIC)
