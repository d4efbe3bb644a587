"""The calibrator against what scores truly mean, and its error against many references."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.errors import OneClassError
from monitoring_pipelines.estimation.calibration import fit_calibrator, jackknife_error
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.estimation.samples import draw, meaning
from tests.metrics.samples import score_table


def test_it_learns_what_scores_mean() -> None:
    score, label = draw(np.random.default_rng(1), 200_000)
    calibrator = fit_calibrator(score_table(label, score))
    at = np.linspace(0.1, 0.9, 9)
    # about 200 rows a score and blocks of many scores: a share is known to about 0.01
    np.testing.assert_allclose(calibrator.curve(at), meaning(at), atol=0.03)


def test_scores_need_not_be_probabilities() -> None:
    score, label = draw(np.random.default_rng(2), 5_000)
    plain = fit_calibrator(score_table(label, score))
    stretched = fit_calibrator(score_table(label, 10 * score - 3))
    at = np.array([-9.0, 0.0, 2.0, 5.0, 99.0])
    # it sees only the order and the distances
    np.testing.assert_allclose(stretched.curve(at), plain.curve((at + 3) / 10), atol=1e-9)


def test_beyond_the_reference_the_nearest_share_holds() -> None:
    table = ScoreTable(np.array([0.3, 0.6]), np.array([80, 10]), np.array([20, 90]))
    calibrator = fit_calibrator(table)
    np.testing.assert_allclose(
        calibrator.curve(np.array([0.0, 0.3, 0.6, 1.0])), [0.2, 0.2, 0.9, 0.9]
    )


def test_a_table_that_was_added_up_gives_the_same() -> None:
    (a, b), at = (
        (draw(np.random.default_rng(seed), 3_000) for seed in (5, 6)),
        np.linspace(0, 1, 50),
    )
    both = score_table(np.concatenate([a[1], b[1]]), np.concatenate([a[0], b[0]]))
    added = score_table(a[1], a[0]) + score_table(b[1], b[0])
    assert (fit_calibrator(both).curve(at) == fit_calibrator(added).curve(at)).all()


@pytest.mark.parametrize("positives", [0, 40])
def test_one_class_teaches_nothing(positives: int) -> None:
    table = ScoreTable(np.array([0.5]), np.array([40 - positives]), np.array([positives]))
    with pytest.raises(OneClassError, match="all 40 labels"):
        fit_calibrator(table)


def test_the_jackknife_error_of_a_mean_is_its_standard_error() -> None:
    """Of ten values it is s / sqrt(10), whatever they are."""
    values = np.random.default_rng(3).normal(size=10)
    without_one = [(values.sum() - value) / 9 for value in values]
    expected = values.std(ddof=1) / math.sqrt(10)
    assert jackknife_error(without_one) == pytest.approx(expected, abs=1e-12)


def test_the_error_is_what_other_references_would_have_given() -> None:
    """Mean share of positives in a shifted window, by 200 references of 2,000 rows.

    The mean of their jackknife variances is within a quarter of the variance that is seen; that
    variance itself is known to 10 per cent (sqrt(2 / 199)).
    """
    rng = np.random.default_rng(11)
    window, _ = draw(rng, 2_000, 1.5, 3.0)
    seen, said = [], []
    for _ in range(200):
        score, label = draw(rng, 2_000)
        calibrator = fit_calibrator(score_table(label, score))
        seen.append(float(calibrator.curve(window).mean()))
        said.append(jackknife_error([float(fold(window).mean()) for fold in calibrator.folds]))
    assert np.mean(np.square(said)) == pytest.approx(np.var(seen), rel=0.25)
