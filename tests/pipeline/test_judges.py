"""A new judge is told beside the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.pipeline.judges import judge_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.moments import Moments
from monitoring_pipelines.summaries.ratings import Ratings
from tests.pipeline.lab import LATER, Lab

if TYPE_CHECKING:
    from pathlib import Path


def given(**judges: int) -> LabelledSummary:
    n = sum(judges.values())
    return LabelledSummary(n, n, ratings=Ratings(Moments(n, 0.5, 1.0, 0.0, 1.0), judges))


@pytest.mark.parametrize(
    ("window", "reference", "verdict", "value"),
    [
        (given(j1=100), given(j1=500), ["ok"], 0.0),
        (given(j1=199, j2=1), given(j1=500), ["ok"], 0.005),
        (given(j1=50, j2=50), given(j1=500), ["warn"], 0.5),
        (given(j2=50), None, ["unknown"], None),
        (given(j2=50), LabelledSummary(9, 0), ["unknown"], None),
        (LabelledSummary(9, 0), given(j1=500), [], None),
    ],
)
def test_verdicts(
    tmp_path: Path,
    window: LabelledSummary,
    reference: LabelledSummary | None,
    verdict: list[str],
    value: float | None,
) -> None:
    lab = Lab(tmp_path)
    shared = {"segment": "", "as_of": LATER, "status": Status.FINAL, "label_coverage": 1.0}
    pair = (window, reference)
    found = judge_results(Judging(lab.config, "r", "1"), lab.day(2), pair, shared)
    assert [r.verdict.value for r in found] == verdict
    assert all(r.value == value for r in found)
    assert not any("j2" in r.reason for r in found)
    in_a_segment = shared | {"segment": "tier=a"}
    assert not judge_results(Judging(lab.config, "r", "1"), lab.day(2), pair, in_a_segment)
