"""What a metric asks of a labelled summary, and the sentence if it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.errors import NoLabelError, NotApplicableError, OneClassError
from monitoring_pipelines.metrics import labelled_parts as parts
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.residuals import Residuals
from monitoring_pipelines.summaries.score_table import ScoreTable
from tests.metrics import samples

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = LabelledSummary(3, 0)
EMPTY = LabelledSummary(
    3,
    0,
    ScoreTable(np.array([]), np.array([], dtype=np.int64), np.array([], dtype=np.int64)),
    Confusion((), np.zeros((0, 0), dtype=np.int64)),
    {},
    Residuals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
)


@pytest.mark.parametrize("labelled", [NOTHING, EMPTY], ids=["nothing", "empty"])
@pytest.mark.parametrize(
    ("part", "needs"),
    [
        (parts.scores, "score"),
        (parts.two_class_scores, "score"),
        (parts.probabilities, "score"),
        (parts.class_scores, "score for each class"),
        (parts.confusion, "decided class"),
        (parts.cells, "decided class"),
        (parts.residuals, "predicted number"),
    ],
)
def test_what_is_absent_is_named(
    part: Callable[[LabelledSummary], object], needs: str, labelled: LabelledSummary
) -> None:
    with pytest.raises(NoLabelError, match=f"no labelled row with a {needs}$"):
        part(labelled)


def test_cells_are_in_the_order_of_the_classes() -> None:
    table = Confusion(("no", "yes"), np.array([[1, 2], [3, 4]]))
    found = parts.cells(LabelledSummary(10, 10, confusion=table))
    assert found == parts.Cells(
        true_negatives=1, false_positives=2, false_negatives=3, true_positives=4
    )


def test_one_class_has_no_order() -> None:
    labelled = samples.binary(np.array([1, 1]), np.array([0.2, 0.3]))
    with pytest.raises(OneClassError, match="all 2 labels"):
        parts.two_class_scores(labelled)


def test_log_odds_are_no_probabilities() -> None:
    labelled = samples.binary(np.array([1, 0]), np.array([-3.25, 0.3]))
    with pytest.raises(NotApplicableError, match=r"scores from -3.25 to 0.3 are not"):
        parts.probabilities(labelled)
