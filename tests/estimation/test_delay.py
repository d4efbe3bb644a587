"""Labels on their way, worked on paper and simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError
from monitoring_pipelines.estimation.delay import adjusted, early_bias
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.summaries.label_ages import BINS, LabelAges
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.predicted import PredictedSummary
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.estimation.samples import draw, labelled, predicted, score_counts


def ages(positive: int, negative: int) -> LabelAges:
    """All positive labels come in one age bin, all negative ones in another."""
    place = {"positive": positive, "negative": negative}
    return LabelAges(
        60.0, {name: 100 * np.eye(1, BINS + 1, i, dtype=int)[0] for name, i in place.items()}
    )


# not calibrated, so that the calibrator is used: a score of 0.3 means 0.6
REFERENCE = LabelledSummary(
    2_000,
    2_000,
    ScoreTable(np.array([0.3, 0.4]), np.array([400, 100]), np.array([600, 900])),
    ages=ages(10, 40),
)
WAITING = PredictedSummary(20, score_counts(np.full(20, 0.3), np.zeros(20, dtype=int)))
NOTHING = LabelledSummary(20, 0)


@pytest.mark.parametrize(
    ("place", "positive"),
    [
        pytest.param(5, 0.6, id="no label comes so early: the score says all"),
        # half of the positives have come: 0.6 / 2 of 0.6 / 2 + 0.4
        pytest.param(10, 0.3 / 0.7, id="half of the positives are known"),
        pytest.param(20, 0.0, id="a positive would be known"),
        pytest.param(40, 0.0, id="only negatives come now"),
        pytest.param(60, 0.6, id="all should be known: nothing is learnt from that"),
    ],
)
def test_a_row_without_a_label_is_what_its_age_leaves(place: int, positive: float) -> None:
    found = adjusted(NOTHING, {place: WAITING}, REFERENCE).labelled
    assert found.scores is not None
    assert found.scores.n_positives == pytest.approx(20 * positive)
    assert found.scores.n == pytest.approx(20)
    assert found.n_rows == 20


def test_rows_that_never_get_a_label_are_of_both_classes() -> None:
    """A fifth of the reference has none: 0.6 * 0.2 of 0.6 * 0.2 + 0.4."""
    reference = replace(REFERENCE, n_rows=2_500)
    found = adjusted(NOTHING, {20: WAITING}, reference).labelled
    assert found.scores is not None
    assert found.scores.n_positives == pytest.approx(20 * 0.12 / 0.52)


def test_known_labels_count_as_they_are() -> None:
    known = LabelledSummary(25, 5, ScoreTable(np.array([0.3]), np.array([0]), np.array([5])))
    found = adjusted(known, {20: WAITING}, REFERENCE).labelled
    assert found.scores is not None
    assert (found.scores.n_positives, found.scores.n_negatives) == (5, 20)
    assert (found.n_rows, found.n_labelled) == (25, 25)


def test_without_arrivals_nothing_can_be_adjusted() -> None:
    for reference in (replace(REFERENCE, ages=None), replace(REFERENCE, scores=None)):
        with pytest.raises(NoLabelError):
            adjusted(NOTHING, {20: WAITING}, reference)


@pytest.mark.parametrize(
    ("ages_", "place", "said"),
    [
        (ages(10, 40), 20, "early labels are mostly positive: at this age 100% of the positive"),
        (ages(40, 10), 20, "early labels are mostly negative: at this age 100% of the negative"),
        (ages(10, 40), 5, ""),
        (ages(10, 40), 60, ""),
        (ages(10, 10), 10, ""),
        (None, 20, ""),
        (LabelAges(60.0, {"positive": np.zeros(BINS + 1, dtype=int)}), 20, ""),
    ],
)
def test_it_is_said_whose_labels_come_first(ages_: LabelAges | None, place: int, said: str) -> None:
    found = early_bias(replace(REFERENCE, ages=ages_), {place: WAITING})
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_no_row_waits_no_bias() -> None:
    assert early_bias(REFERENCE, {}) == ""


def test_the_adjusted_number_is_what_all_labels_will_say() -> None:
    """Half of the positives and no negative are known. Four standard errors of 20,000 labels."""
    rng = np.random.default_rng(8)
    reference = replace(labelled(*draw(rng, 50_000)), ages=ages(10, 40))
    score, label = draw(rng, 20_000)
    come = (label == 1) & (rng.uniform(size=20_000) < 0.5)
    known = replace(labelled(score[come], label[come]), n_rows=20_000)
    found = adjusted(known, {10: predicted(score[~come])}, reference).labelled
    truth = labelled(score, label)
    for name in ("roc_auc", "accuracy", "recall", "precision"):
        metric = PERFORMANCE[name]
        assert metric.compute(found) == pytest.approx(metric.compute(truth), abs=0.014), name
    # by what is known alone nothing that is called positive is not
    assert PERFORMANCE["precision"].compute(known) == 1.0
    assert PERFORMANCE["precision"].compute(truth) < 0.8
