"""Labelled windows add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.metrics import samples

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def test_binary_windows_add_up() -> None:
    rng = np.random.default_rng(1)
    a = replace(samples.binary(*samples.binary_rows(rng, 50)), n_rows=80, last_available=TUESDAY)
    b = replace(samples.binary(*samples.binary_rows(rng, 50)), last_available=MONDAY)
    both = a + b
    assert (both.n_rows, both.n_labelled, both.last_available) == (130, 100, TUESDAY)
    assert both.coverage == pytest.approx(100 / 130)
    assert both.scores is not None
    assert both.confusion is not None
    assert both.scores.n == both.confusion.n == 100


def test_a_window_without_labels_adds_rows_only() -> None:
    labelled = samples.regression(*samples.regression_rows(np.random.default_rng(2), 10))
    both = LabelledSummary(5, 0) + labelled
    assert (both.n_rows, both.n_labelled) == (15, 10)
    assert both.residuals == labelled.residuals


def test_a_class_of_one_window_is_kept() -> None:
    label, score = samples.multiclass_rows(np.random.default_rng(3), 30)
    a = samples.multiclass(label, score)
    b = replace(a, class_scores={"class 0": a.class_scores["class 0"]})
    both = a + b
    assert list(both.class_scores) == ["class 0", "class 1", "class 2"]
    assert [t.n for t in both.class_scores.values()] == [60, 30, 30]


def test_no_rows_have_no_coverage() -> None:
    assert LabelledSummary(0, 0).coverage == 0
    assert (LabelledSummary(0, 0) + LabelledSummary(0, 0)).last_available is None


def test_many_scores_are_stored_rounded() -> None:
    scores = np.linspace(0, 1, 50_001)
    ones = np.ones(50_001, dtype=int)
    few = LabelledSummary(2, 2, ScoreTable(scores[:50_000], ones[:50_000], ones[:50_000]))
    assert few.compact() is few
    many = LabelledSummary(2, 2, ScoreTable(scores, ones, ones)).compact()
    assert many.scores is not None
    assert len(many.scores.scores) == 10_001
    assert many.scores.n == 100_002
    assert LabelledSummary(2, 2).compact().scores is None
