"""Early labels of one class: corrected if that can be done, else withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.performance import performance_results
from tests.estimation.samples import draw, labelled, predicted
from tests.estimation.test_delay import ages
from tests.pipeline.lab import LATER, Lab, declared

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

JUDGING = Judging(declared(performance={"min_coverage": 0.0}), "run", "1")
BIAS = "early labels are mostly positive: at this age 50% of the positive and 0% of the negative"


def early(lab: Lab, *, final: bool = False, **more: Any) -> tuple[dict[str, Result], float]:
    """Results of a window of which half of the positive labels are known, and its true accuracy."""
    rng = np.random.default_rng(8)
    reference = replace(labelled(*draw(rng, 20_000)), ages=ages(10, 40))
    score, label = draw(rng, 4_000)
    come = (label == 1) & (rng.uniform(size=4_000) < 0.5)
    known: LabelledSummary = replace(labelled(score[come], label[come]), n_rows=4_000)
    known = replace(known, scores=more.pop("scores", known.scores))
    results = performance_results(
        JUDGING,
        lab.day(2),
        ({"": known}, {"": reference}),
        LATER,
        final=final,
        waiting={"": {10: predicted(score[~come])}},
        **more,
    )
    return {r.metric: r for r in results}, float(((score >= 0.5) == label).mean())


def test_a_number_is_corrected_and_says_so(lab: Lab) -> None:
    found, truth = early(lab)
    accuracy = found["accuracy"]
    assert (accuracy.status, accuracy.verdict) == (Status.PROVISIONAL, Verdict.OK)
    assert f"(corrected: {BIAS}" in accuracy.reason
    assert accuracy.low is not None
    assert accuracy.high is not None
    assert accuracy.low < truth < accuracy.high
    assert found["roc_auc"].verdict is Verdict.OK
    assert f"so far; {BIAS}" in found["label_coverage"].reason
    assert accuracy.label_coverage == found["label_coverage"].value
    assert "calibration_error" not in found


@pytest.mark.parametrize(
    ("more", "why"), [({"muted": "it was wrong"}, "; it was wrong"), ({"scores": None}, "")]
)
def test_what_cannot_be_corrected_is_withheld(lab: Lab, more: dict[str, Any], why: str) -> None:
    found, _ = early(lab, **more)
    assert set(found) == {"roc_auc", "label_coverage"}
    assert (found["roc_auc"].verdict, found["roc_auc"].value) == (Verdict.UNKNOWN, None)
    assert found["roc_auc"].reason == f"{BIAS} ones have usually come{why}"
