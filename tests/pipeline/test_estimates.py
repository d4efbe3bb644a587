"""Estimates are judged like realised numbers, and say that they are estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.estimates import estimated_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.summaries.predicted import PredictedSummary
from tests.estimation.samples import draw, labelled, predicted
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.labelled import LabelledSummary

JUDGING = Judging(declared(), "run", "1")


def reference(n: int = 20_000) -> LabelledSummary:
    return labelled(*draw(np.random.default_rng(1), n, 1, 1))


def window(n: int = 4_000, a: float = 1.0) -> PredictedSummary:
    """Scores as in the reference, or nearer to the middle with a greater `a`."""
    return predicted(draw(np.random.default_rng(2), n, a, a)[0])


def judged(
    lab: Lab,
    found: PredictedSummary,
    usual: LabelledSummary | None,
    segment: str = "",
    muted: str = "",
) -> dict[str, Result]:
    known = {segment: usual} if usual else {}
    results = estimated_results(JUDGING, lab.day(2), {segment: found}, known, muted)
    assert all(result.status is Status.ESTIMATED for result in results)
    return {result.metric: result for result in results}


def test_a_window_like_the_reference_is_ok(lab: Lab) -> None:
    auc = judged(lab, window(), reference())["roc_auc"]
    assert auc.verdict is Verdict.OK
    assert auc.reason.startswith("estimated roc_auc 0.")
    assert auc.n == 4_000
    assert auc.as_of == lab.day(2).utc.end
    assert auc.label_coverage is None
    assert auc.low is not None
    assert auc.high is not None
    assert auc.value is not None
    assert auc.reference_value is not None
    assert auc.low < auc.reference_value < auc.high


def test_scores_that_tell_less_fail_and_only_the_primary_metric_does(lab: Lab) -> None:
    found = judged(lab, window(a=8), reference())
    assert found["roc_auc"].verdict is Verdict.FAIL
    assert "worse than the reference" in found["roc_auc"].reason
    assert found["brier_score"].verdict is Verdict.WARN
    part = judged(lab, window(a=8), reference(), segment="kind=a")
    assert part["roc_auc"].verdict is Verdict.WARN


def test_a_muted_estimate_is_shown_and_not_judged(lab: Lab) -> None:
    found = judged(lab, window(a=8), reference(), muted="it was wrong before")["roc_auc"]
    assert (found.verdict, found.reason) == (Verdict.UNKNOWN, "it was wrong before")
    assert found.value is not None


@pytest.mark.parametrize(
    ("found", "usual", "reason"),
    [
        (window(), None, "the reference has no labels to estimate by"),
        (PredictedSummary(30), reference(), "no row with a score"),
        (PredictedSummary(0), reference(), "no row with a score"),
        (window(150), reference(), "150 rows with a score are too few to judge; it needs 200"),
        (window(), reference(150), "the reference has 150 labelled rows; it needs 200"),
    ],
)
def test_what_cannot_be_estimated_is_unknown(
    lab: Lab, found: PredictedSummary, usual: LabelledSummary | None, reason: str
) -> None:
    auc = judged(lab, found, usual)["roc_auc"]
    assert (auc.verdict, auc.reason) == (Verdict.UNKNOWN, reason)


def test_an_estimate_counts_until_there_is_a_verdict_on_labels(lab: Lab) -> None:
    log = rows(n_days=4, per_day=600)
    labels = labels_of(log, after=lab.day(1).end - lab.day(0).end)
    lab.write(log, labels.iloc[:1_200])
    lab.run(lab.day(2))
    # no labels yet: the estimate counts
    assert lab.one(lab.day(2), "roc_auc").status is Status.ESTIMATED
    history = lab.results(latest=False, metric="roc_auc", segment="")
    assert {result.status for result in history} == {Status.ESTIMATED, Status.FINAL}
    lab.write(log, labels)
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "roc_auc").status is Status.FINAL
    once = lab.dump()
    lab.run(lab.day(2))
    assert lab.dump() == once
