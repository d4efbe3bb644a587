from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError
from monitoring_pipelines.metrics.performance.mean_score import mean_score, mean_score_interval
from monitoring_pipelines.stats.intervals import mean_interval, wilson
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics.samples import rated


def test_right_and_wrong_answers_are_a_share() -> None:
    answers = rated(np.array([1.0] * 30 + [0.0] * 10))
    assert mean_score(answers) == 0.75
    assert mean_score_interval(answers, 0.95) == pytest.approx(wilson(30, 40, 0.95))


def test_scores_between_and_beyond_have_students_interval() -> None:
    for scores in (np.array([0.0, 0.5, 1.0, 1.0]), np.array([1.0, 5.0, 4.0, 2.0])):
        found = mean_score_interval(rated(scores), 0.9)
        expected = mean_interval(float(scores.mean()), float(scores.var()), 4, 0.9)
        assert found == pytest.approx(expected)


def test_no_score_is_an_error() -> None:
    with pytest.raises(NoLabelError, match="no labelled row with a score"):
        mean_score(LabelledSummary(5, 0))
