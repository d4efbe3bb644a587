"""Expected labels, worked on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError, NotApplicableError, OneClassError
from monitoring_pipelines.estimation.expected import expect
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.predicted import PredictedSummary
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.estimation.samples import score_counts

# far from calibrated, so that the calibrator is used: 0.3 means 0.6, and 0.4 means 0.9
REFERENCE = LabelledSummary(
    2_000,
    2_000,
    ScoreTable(np.array([0.3, 0.4]), np.array([400, 100]), np.array([600, 900])),
)
SCORE = np.array([0.3] * 20 + [0.4] * 10)
DECIDED = np.array([0] * 15 + [1] * 15)


def window() -> PredictedSummary:
    return PredictedSummary(30, score_counts(SCORE, DECIDED))


def test_expected_labels_are_rows_times_probability() -> None:
    found = expect(window(), REFERENCE).labelled
    assert found.scores is not None
    assert found.confusion is not None
    np.testing.assert_allclose(found.scores.positives, [12, 9])
    np.testing.assert_allclose(found.scores.negatives, [8, 1])
    # decided negative: 15 at 0.3; positive: 5 at 0.3 and 10 at 0.4
    np.testing.assert_allclose(found.confusion.counts, [[6, 3], [9, 12]])
    assert (found.n_rows, found.n_labelled) == (30, 30)


def test_metrics_are_those_of_the_expected_counts() -> None:
    found = expect(window(), REFERENCE).labelled
    assert PERFORMANCE["accuracy"].compute(found) == pytest.approx(18 / 30)
    assert PERFORMANCE["precision"].compute(found) == pytest.approx(12 / 15)
    assert PERFORMANCE["recall"].compute(found) == pytest.approx(12 / 21)
    # pairs: 9 * 8 in order, 12 * 8 and 9 * 1 tied, 12 * 1 reversed
    assert PERFORMANCE["roc_auc"].compute(found) == pytest.approx((72 + 105 / 2) / (21 * 9))


def test_rows_without_a_score_or_a_decision_are_not_expected_to_be_anything() -> None:
    counts = score_counts(SCORE, np.full(30, -1))
    found = expect(PredictedSummary(40, counts), REFERENCE).labelled
    assert (found.n_rows, found.n_labelled) == (40, 30)
    assert found.confusion is None


CLASSES = ("a", "b", "c")


def three(shares: dict[str, float]) -> LabelledSummary:
    """Each class at one score of 0.5, positive with its share."""
    tables = {
        name: ScoreTable(
            np.array([0.5]), np.array([round(1_000 * (1 - p))]), np.array([round(1_000 * p)])
        )
        for name, p in shares.items()
    }
    return LabelledSummary(1_000, 1_000, class_scores=tables)


def test_of_three_classes_the_cells_of_a_decision_add_up_to_its_rows() -> None:
    counts = score_counts(np.full(60, 0.5), np.repeat([0, 1, 2], [30, 20, 10]), CLASSES)
    summary = PredictedSummary(60, class_scores=dict.fromkeys(CLASSES, counts))
    found = expect(summary, three({"a": 0.2, "b": 0.3, "c": 0.3})).labelled
    assert found.confusion is not None
    assert found.confusion.classes == CLASSES
    # 0.2 : 0.3 : 0.3 of 30, 20 and 10 rows
    expected = np.outer([0.25, 0.375, 0.375], [30, 20, 10])
    np.testing.assert_allclose(found.confusion.counts, expected)
    np.testing.assert_allclose(found.class_scores["b"].positives, [18])


def test_a_class_that_is_decided_but_has_no_probability_is_never_right() -> None:
    counts = score_counts(np.full(60, 0.5), np.repeat([0, 1, 2], 20), ("a", "b", "other"))
    summary = PredictedSummary(60, class_scores=dict.fromkeys(("a", "b"), counts))
    found = expect(summary, three({"a": 0.5, "b": 0.5})).labelled
    assert found.confusion is not None
    np.testing.assert_allclose(found.confusion.counts, [[10] * 3, [10] * 3, [0] * 3])


def test_classes_must_be_the_same() -> None:
    counts = score_counts(np.full(60, 0.5), np.zeros(60, dtype=int), CLASSES)
    summary = PredictedSummary(60, class_scores=dict.fromkeys(CLASSES, counts))
    with pytest.raises(NotApplicableError, match="1 classes have a score"):
        expect(summary, three({"a": 0.5, "b": 0.5}))


def test_what_is_missing_is_said() -> None:
    with pytest.raises(NotApplicableError, match="no row with a score"):
        expect(PredictedSummary(30), REFERENCE)
    for scores in (None, ScoreTable(np.empty(0), np.empty(0, int), np.empty(0, int))):
        with pytest.raises(NoLabelError, match="no labelled row with a score in the reference"):
            expect(window(), replace(REFERENCE, scores=scores))
    one = ScoreTable(np.array([0.3]), np.array([400]), np.array([0]))
    with pytest.raises(OneClassError):
        expect(window(), replace(REFERENCE, scores=one))
