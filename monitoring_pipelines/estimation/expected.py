r"""The labels that a window's scores let expect: CBPE, for two and for more classes.

If :math:`p(s)` is the probability of the positive class at score :math:`s`, then :math:`n` rows of
that score have :math:`n\,p(s)` positive labels on average. With these real-valued counts in the
place of seen ones, every performance metric is computed by its own formula: the area under the ROC
curve from the order of the raw scores, accuracy from the expected cells, and so on [1]_.

Of more than two classes each has its own calibrator, of one against the rest; among the rows that
were decided to be of one class, the probabilities of the true classes are divided by their sum.

It holds as long as :math:`p(s)` does: under covariate shift that the score reflects. When the
labels mean something new (concept drift), it is wrong, and only labels tell [2]_.

References
----------
.. [1] NannyML, "Confidence-based Performance Estimation",
   https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html
.. [2] J. Białek, J. Kivimäki, W. Kuberski and N. Perrakis, "Estimating model performance under
   covariate shift without labels", arXiv:2401.08348, 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring_pipelines.errors import NoLabelError, NotApplicableError
from monitoring_pipelines.estimation.calibration import FOLDS, fit_calibrator
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.score_table import ScoreTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from monitoring_pipelines.summaries.predicted import PredictedSummary, ScoreCounts

    Floats = NDArray[np.float64]
    Probability = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """`labelled` as if expected labels were known, and the same by each fold's calibrator."""

    labelled: LabelledSummary
    folds: tuple[LabelledSummary, ...]

    @property
    def n(self) -> int:
        """Number of rows that it rests on."""
        return round(self.labelled.n_labelled)


def expect(predicted: PredictedSummary, reference: LabelledSummary) -> Expectation:
    """Expected labels of a window, by what scores meant in the reference.

    Raises
    ------
    NoLabelError
        If the reference has no labelled row with a score.
    NotApplicableError
        If the window has no row with a score.
    OneClassError
        If a class never or always occurs in the reference.
    """
    if predicted.class_scores or reference.class_scores:
        return _multiclass(predicted, reference)
    if reference.scores is None or not reference.scores.n:
        raise NoLabelError("score in the reference")
    if predicted.scores is None or not predicted.scores.n:
        raise NotApplicableError("no row with a score")
    calibrator = fit_calibrator(reference.scores)
    return Expectation(
        expected_binary(predicted, predicted.scores, calibrator.curve),
        tuple(expected_binary(predicted, predicted.scores, fold) for fold in calibrator.folds),
    )


def expected_binary(
    predicted: PredictedSummary, found: ScoreCounts, probability: Probability
) -> LabelledSummary:
    """Labels to be expected of rows with the scores `found`."""
    p = probability(found.scores)
    table = ScoreTable(found.scores, found.rows * (1 - p), found.rows * p)
    cells = np.stack([found.by_decision(1 - p), found.by_decision(p)])
    confusion = Confusion(found.classes, cells) if cells.any() else None
    return LabelledSummary(predicted.n_rows, found.n, table, confusion)


def _multiclass(predicted: PredictedSummary, reference: LabelledSummary) -> Expectation:
    if missing := sorted({*predicted.class_scores} ^ {*reference.class_scores}):
        raise NotApplicableError(
            f"{len(missing)} classes have a score in the window or in the reference, not in both"
        )
    calibrators = {name: fit_calibrator(table) for name, table in reference.class_scores.items()}
    return Expectation(
        _classes(predicted, {name: c.curve for name, c in calibrators.items()}),
        tuple(
            _classes(predicted, {name: c.folds[fold] for name, c in calibrators.items()})
            for fold in range(FOLDS)
        ),
    )


def _classes(
    predicted: PredictedSummary, probability: Mapping[str, Probability]
) -> LabelledSummary:
    tables, cells, n = {}, [], 0
    names = sorted(probability)
    for name in names:
        found = predicted.class_scores[name]
        p = probability[name](found.scores)
        tables[name] = ScoreTable(found.scores, found.rows * (1 - p), found.rows * p)
        cells.append(found.by_decision(p))
        n = max(n, found.n)
    first = predicted.class_scores[names[0]]
    # a class without a probability is never expected to be true, though it may be decided
    classes = tuple(sorted({*names, *first.classes}))
    counts = np.zeros((len(classes), len(classes)))
    at = [classes.index(name) for name in names], [classes.index(name) for name in first.classes]
    decided = first.by_decision(np.ones(len(first.scores)))
    counts[np.ix_(*at)] = _adding_up(np.asarray(cells), decided)
    confusion = Confusion(classes, counts) if counts.any() else None
    return LabelledSummary(predicted.n_rows, n, confusion=confusion, class_scores=tables)


def _adding_up(cells: Floats, decided: Floats) -> Floats:
    """`cells` with each column scaled to the rows that were decided so."""
    sums = cells.sum(axis=0)
    scale: Floats = np.divide(decided, sums, out=np.zeros_like(sums), where=sums > 0)
    return cells * scale
