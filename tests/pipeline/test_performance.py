"""Performance beside its coverage: no verdict on early labels, none without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.performance import performance_results
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.metrics.samples import score_table
from tests.pipeline.lab import LATER, Lab, declared

if TYPE_CHECKING:
    from numpy.typing import NDArray

JUDGING = Judging(declared(), "run", "1")


def sample(n: int, *, noise: float, seed: int = 0) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, size=n)
    return label, label + rng.normal(0, noise, size=n)


def summary(n: int, n_rows: int, *, noise: float = 0.5, seed: int = 0) -> LabelledSummary:
    label, score = sample(n, noise=noise, seed=seed)
    return LabelledSummary(n_rows, n, scores=score_table(label, score) if n else None)


def judged(
    lab: Lab,
    window: LabelledSummary,
    reference: LabelledSummary | None = None,
    *,
    final: bool = True,
    segment: str = "",
) -> dict[str, Result]:
    usual = {segment: reference} if reference else {}
    found = performance_results(JUDGING, lab.day(2), ({segment: window}, usual), LATER, final=final)
    return {result.metric: result for result in found}


GOOD = summary(5_000, 5_000, seed=1)


def test_the_value_is_scikit_learns(lab: Lab) -> None:
    label, score = sample(2_000, noise=0.5)
    auc = judged(lab, summary(2_000, 2_000), GOOD)["roc_auc"]
    assert auc.value == pytest.approx(roc_auc_score(label, score), abs=1e-11)
    assert (auc.verdict, auc.status, auc.n) == (Verdict.OK, Status.FINAL, 2_000)
    assert auc.low is not None
    assert auc.high is not None
    assert auc.low < roc_auc_score(label, score) < auc.high


def test_what_is_worse_fails_and_in_a_segment_warns_at_most(lab: Lab) -> None:
    bad = summary(3_000, 3_000, noise=3)
    assert judged(lab, bad, GOOD)["roc_auc"].verdict is Verdict.FAIL
    assert judged(lab, bad, GOOD, segment="kind=a")["roc_auc"].verdict is not Verdict.FAIL


def test_without_labels_nothing_is_ok(lab: Lab) -> None:
    found = judged(lab, summary(0, 1_000), GOOD, final=False)
    assert {result.verdict for result in found.values()} == {Verdict.UNKNOWN}
    assert found["roc_auc"].reason == "no labels yet (0 of 1,000)"
    assert found["label_coverage"].reason == "0 of 1,000 predictions have a label so far"


def test_early_labels_get_no_verdict(lab: Lab) -> None:
    early = judged(lab, summary(400, 1_000), GOOD, final=False)
    auc = early["roc_auc"]
    assert (auc.verdict, auc.status) == (Verdict.UNKNOWN, Status.PROVISIONAL)
    assert auc.reason == "only 40% of the labels have come, 50% are needed for a verdict"
    assert auc.value is not None
    assert auc.label_coverage == 0.4
    assert early["label_coverage"].verdict is Verdict.OK


@pytest.mark.parametrize(
    ("n", "reference", "verdict"),
    [
        (400, GOOD, Verdict.FAIL),
        (600, GOOD, Verdict.OK),
        (400, summary(500, 1_000, seed=2), Verdict.OK),
        (0, GOOD, Verdict.FAIL),
        (400, None, Verdict.FAIL),
    ],
)
def test_labels_that_never_came_are_a_fault(
    lab: Lab, n: int, reference: LabelledSummary | None, verdict: Verdict
) -> None:
    """Less than half of the usual coverage, once the labels are mature."""
    assert judged(lab, summary(n, 1_000), reference)["label_coverage"].verdict is verdict


def test_no_predictions_at_all(lab: Lab) -> None:
    found = judged(lab, LabelledSummary(0, 0), GOOD)
    assert {result.verdict for result in found.values()} == {Verdict.UNKNOWN}
    reason = found["label_coverage"].reason
    assert reason == "no predictions that could have labels"


def test_without_a_reference_there_is_a_number_and_no_verdict(lab: Lab) -> None:
    auc = judged(lab, summary(2_000, 2_000))["roc_auc"]
    assert (auc.verdict, auc.reference_value) == (Verdict.UNKNOWN, None)
    assert auc.value is not None
