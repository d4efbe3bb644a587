r"""Performance while labels are still on their way, when one class's come before another's.

A re-offence is known on its day, its absence only after two years: early labels are all positive,
and what they say of the model is not what all labels will say. From the mature rows of the
reference it is known which share :math:`F(a)` of the positive and :math:`G(a)` of the negative
labels have come at age :math:`a`. Labels that are there count as they are; a row of age :math:`a`
without one, whose score says :math:`p`, is positive with the probability [1]_

.. math::

    \frac{p\,(1 - F(a))}{1 - p\,F(a) - (1 - p)\,G(a)}

If rows of the reference never got a label, both curves end at the share that did.

References
----------
.. [1] J. F. Lawless, "Adjustments for reporting delays and the prediction of occurred but not
   reported events", Can. J. Stat. 22(1), 15-31, 1994. doi:10.2307/3315826
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import NoLabelError
from monitoring_pipelines.estimation.calibration import fit_calibrator
from monitoring_pipelines.estimation.expected import Expectation, expected_binary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.predicted import PredictedSummary

    Floats = NDArray[np.float64]
    Waiting = Mapping[int, PredictedSummary]

# early labels are like the rest as long as no class is ahead of another by more
AHEAD = 0.05


def early_bias(reference: LabelledSummary, waiting: Waiting) -> str:
    """Which class's labels come first, as a sentence; nothing if none is clearly ahead.

    `waiting` are the rows without a label by their age bin.
    """
    ages = reference.ages
    known = [name for name, counts in ages.counts.items() if counts.sum()] if ages else []
    if ages is None or len(known) < 2 or not waiting:  # noqa: PLR2004 - one ahead of another
        return ""
    worst = max(waiting, key=lambda place: _spread(reference, known, place))
    if _spread(reference, known, worst) <= AHEAD:
        return ""
    shares = {name: ages.share(name, worst) for name in known}
    first, last = max(known, key=shares.__getitem__), min(known, key=shares.__getitem__)
    told = f"{shares[first]:.0%} of the {first} and {shares[last]:.0%} of the {last}"
    return f"early labels are mostly {first}: at this age {told} ones have usually come"


def adjusted(known: LabelledSummary, waiting: Waiting, reference: LabelledSummary) -> Expectation:
    """Known labels as they are, with expected ones for the rows that wait for theirs.

    Raises
    ------
    NoLabelError
        If the reference has no labelled row with a score, or no arrival of labels.
    OneClassError
        If a class never or always occurs in the reference.
    """
    if reference.scores is None or not reference.scores.n or reference.ages is None:
        raise NoLabelError("score in the reference")
    calibrator = fit_calibrator(reference.scores)

    def with_expected(probability: Callable[[Floats], Floats]) -> LabelledSummary:
        total = known
        for place, predicted in waiting.items():
            if predicted.scores is not None:
                later = _Later(probability, *_curves(reference, place))
                total = total + expected_binary(predicted, predicted.scores, later)
        return replace(total, n_rows=known.n_rows)

    return Expectation(
        with_expected(calibrator.curve), tuple(with_expected(fold) for fold in calibrator.folds)
    )


class _Later:
    """Probability of the positive class at a score, of a row whose label has not come."""

    def __init__(
        self, probability: Callable[[Floats], Floats], positive: float, negative: float
    ) -> None:
        self.probability, self.positive, self.negative = probability, positive, negative

    def __call__(self, scores: Floats) -> Floats:
        p = self.probability(scores)
        left = p * (1 - self.positive), (1 - p) * (1 - self.negative)
        total = left[0] + left[1]
        # if all labels should be there, that one is not says nothing of its class
        return np.divide(left[0], total, out=p.copy(), where=total > 0)


def _curves(reference: LabelledSummary, place: int) -> tuple[float, float]:
    """Shares of the positive and of the negative rows whose labels have come by age bin `place`."""
    ages = reference.ages
    assert ages is not None  # noqa: S101 - asked for before
    positive, negative = (
        reference.coverage * ages.share(name, place) for name in ("positive", "negative")
    )
    return positive, negative


def _spread(reference: LabelledSummary, names: list[str], place: int) -> float:
    assert reference.ages is not None  # noqa: S101 - asked for before
    shares = [reference.ages.share(name, place) for name in names]
    return max(shares) - min(shares)
