"""Values against scikit-learn and numpy, gradients against differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.why.measure import KINDS, Kind, Measure, measure_of
from tests.why.cells import PLACES, losses, scores

AREA = Measure("roc_auc", Kind.AREA)
ROOT = Measure("rmse", Kind.ROOT)
MEAN = Measure("mae", Kind.MEAN)


def test_the_area_is_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    place = rng.integers(0, PLACES, 500)
    label = (rng.uniform(size=500) < (place + 1) / 12).astype(int)
    cells = scores(np.zeros(500, dtype=int), place, label, 1)
    assert AREA.value(AREA.means(cells))[0] == pytest.approx(roc_auc_score(label, place))


def test_mean_and_root() -> None:
    cells = losses([0, 0, 1, 1], [1.0, 3.0, 16.0, 16.0], 2)
    assert MEAN.value(MEAN.means(cells)).tolist() == [2.0, 16.0]
    assert ROOT.value(ROOT.means(cells)).tolist() == pytest.approx([math.sqrt(2), 4.0])


def test_a_part_without_labels_or_with_one_class_has_no_value() -> None:
    assert np.isnan(MEAN.value(MEAN.means(losses([0], [math.nan], 2)))).all()
    one_class = scores([0, 0], [1, 2], [1, 1], 1)
    assert np.isnan(AREA.value(AREA.means(one_class))).all()
    assert np.isnan(AREA.gradient(AREA.means(one_class)[0])).all()


@pytest.mark.parametrize("measure", [MEAN, ROOT, AREA], ids=lambda m: m.name)
def test_the_gradient_is_the_derivative(measure: Measure) -> None:
    size = 2 * PLACES if measure is AREA else 1
    mean = np.random.default_rng(1).uniform(0.5, 1.5, size)
    step = 1e-6
    slopes = [
        float(measure.value(mean + step * unit) - measure.value(mean - step * unit)) / (2 * step)
        for unit in np.eye(size)
    ]
    assert measure.gradient(mean) == pytest.approx(slopes, abs=1e-7)


def test_squares_are_those_of_the_rows() -> None:
    rows = np.array([1.0, 3.0, 16.0])
    found = MEAN.squares(
        losses([0, 0, 1], list(rows), 2), np.array([[2.0], [3.0]]), np.array([1.0, -1])
    )
    assert found == pytest.approx((2 * 1 + 1) ** 2 + (2 * 3 + 1) ** 2 + (3 * 16 - 1) ** 2)


def test_an_error_of_zero_has_no_slope() -> None:
    assert ROOT.gradient(np.zeros(1)).tolist() == [0.0]


def test_every_metric_has_a_measure_of_its_task() -> None:
    for metric in PERFORMANCE.values():
        # a fall of what tells its own outcome is not split
        for task in (task for task in metric.tasks if not task.tells_outcome):
            measure = measure_of(metric.name, task)
            assert task in PERFORMANCE[measure.name].tasks
            assert measure.kind is KINDS[measure.name]
    assert measure_of("r2", Task.REGRESSION).name == "mae"
