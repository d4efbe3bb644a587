"""Parts of the metrics of ranked classes."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError, NotApplicableError
from monitoring_pipelines.metrics.ranks import ranked, top, top_interval
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics import samples


def test_of_no_more_classes_than_k_any_is_among_them() -> None:
    labelled = samples.multiclass(*samples.multiclass_rows(np.random.default_rng(0), 50, 3))
    assert top(labelled, 2)[1] == 50
    with pytest.raises(NotApplicableError, match="of 3 classes any is among 3"):
        top(labelled, 3)
    with pytest.raises(NotApplicableError):
        top_interval(labelled, 5, 0.95)


def test_without_ranks() -> None:
    with pytest.raises(NoLabelError, match="probability of every class"):
        ranked(LabelledSummary(5, 5))
