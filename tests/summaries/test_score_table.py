"""Labels per score lose nothing."""

from __future__ import annotations

import numpy as np

from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.metrics.samples import binary_rows, score_table


def same(a: ScoreTable, b: ScoreTable) -> bool:
    return all(
        np.array_equal(x, y)
        for x, y in [
            (a.scores, b.scores),
            (a.negatives, b.negatives),
            (a.positives, b.positives),
        ]
    )


def test_days_add_up_to_the_month() -> None:
    label, score = binary_rows(np.random.default_rng(1), 500, digits=2)
    whole = score_table(label[:100], score[:100])
    for start in range(100, 500, 100):
        day = slice(start, start + 100)
        whole = score_table(label[day], score[day]) + whole
    assert same(whole, score_table(label, score))
    assert (whole.n, whole.n_positives) == (500, int(label.sum()))


def test_weighted_rows_are_the_rows() -> None:
    label, score = binary_rows(np.random.default_rng(2), 200, digits=1)
    table = score_table(label, score)
    again, scores, weight = table.weighted
    assert same(score_table(np.repeat(again, weight), np.repeat(scores, weight)), table)
    assert (weight > 0).all()


def test_rounding_merges_scores_and_keeps_rows() -> None:
    table = ScoreTable(np.array([0.101, 0.102, 0.3]), np.array([1, 0, 2]), np.array([0, 4, 0]))
    rounded = table.rounded(1)
    assert rounded.scores.tolist() == [0.1, 0.3]
    assert (rounded.negatives.tolist(), rounded.positives.tolist()) == ([1, 2], [4, 0])


def test_bins_have_every_row_once() -> None:
    table = ScoreTable(
        np.array([0.0, 0.25, 0.5, 1.0]), np.array([1, 2, 0, 4]), np.array([0, 2, 3, 1])
    )
    rows, positives, said = table.binned(2)
    # 0.5 begins the second bin, and 1 belongs to the last one
    assert (rows.tolist(), positives.tolist()) == ([5, 8], [2, 4])
    assert said.tolist() == [0.25 * 4, 0.5 * 3 + 1.0 * 5]
