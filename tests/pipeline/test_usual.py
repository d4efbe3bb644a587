from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.metrics.labelled_parts import DECISION
from monitoring_pipelines.pipeline.usual import is_never_given, reference_estimate, smallest_loss
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.estimation.samples import draw, labelled
from tests.pipeline.lab import declared

AUC, BRIER = PERFORMANCE["roc_auc"], PERFORMANCE["brier_score"]


def test_it_is_the_metric_of_the_reference() -> None:
    reference = labelled(*draw(np.random.default_rng(1), 500))
    found = reference_estimate(AUC, reference, 0.9)
    assert found is not None
    assert (found.value, found.n) == (AUC.compute(reference), 500)
    assert (found.low, found.high) == AUC.interval(reference, 0.9)


def test_without_labels_or_of_one_class_there_is_none() -> None:
    assert reference_estimate(AUC, None, 0.9) is None
    assert reference_estimate(AUC, LabelledSummary(9, 0), 0.9) is None
    one = labelled(np.array([0.2, 0.4]), np.array([1, 1]))
    assert reference_estimate(AUC, one, 0.9) is None


def test_the_smallest_loss_is_in_the_metrics_unit() -> None:
    usual = reference_estimate(BRIER, labelled(*draw(np.random.default_rng(1), 500)), 0.9)
    assert usual is not None
    assert smallest_loss(AUC, None, None) == AUC.tolerance
    assert smallest_loss(AUC, None, 0.07) == 0.07
    # the Brier score's is a share of the reference
    assert smallest_loss(BRIER, usual, 0.5) == pytest.approx(usual.value / 2)
    assert smallest_loss(BRIER, None, 0.5) is None


def test_what_a_model_never_logs_is_no_finding() -> None:
    lacks = NoLabelError(DECISION)
    assert is_never_given(declared(), lacks)
    assert not is_never_given(declared(performance={"threshold": 0.5}), lacks)
    assert not is_never_given(declared(), NoLabelError("score"))
