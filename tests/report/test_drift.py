"""Columns are ranked by what their drift does."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.drift import courses, moved
from monitoring_pipelines.report.slots import slots
from tests.report.samples import days, result

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

WARN = Verdict.WARN


def drift(column: str, value: float = 0.1, metric: str = "jensen_shannon", **more: Any) -> Result:
    return result(1, metric=metric, column=column, value=value, noise_floor=0.05, **more)


def effect(column: str, value: float, verdict: Verdict = Verdict.OK) -> Result:
    return result(1, metric="drift_effect", column=column, value=value, verdict=verdict)


def test_by_verdict_then_effect_then_windows_then_distance() -> None:
    newest = [
        drift("far", 0.9),
        drift("often", 0.2),
        drift("acts", 0.06),
        drift("unsure", 0.06),
        drift("moved", 0.3, verdict=WARN),
        effect("acts", -0.02),
        effect("unsure", -0.5, Verdict.UNKNOWN),
        drift("moved", 0.7, "psi"),
        result(1, metric="image_change"),
        drift("segment", segment="a=b"),
    ]
    found = moved(newest, {"often": 4})
    names = [one.result.column for one in found]
    assert names == ["moved", "acts", "often", "far", "unsure"]
    assert found[0].result.metric == "jensen_shannon"  # of psi and this the one that warned
    assert (found[1].effect, found[2].n_windows) == (newest[5], 4)


def test_of_equal_verdicts_the_metric_with_the_common_scale() -> None:
    [one] = moved([drift("x", 9.0, "wasserstein"), drift("x"), drift("x", 0.1, "psi")], {})
    assert one.result.metric == "jensen_shannon"


def test_courses_of_the_metric_that_is_told() -> None:
    ranked = moved([drift("x", verdict=WARN), drift("y")], {})
    history = [drift("y"), drift("x"), result(0, metric="jensen_shannon", column="x", value=0.0)]
    found = courses(ranked, history, slots(days(2)), UTC)
    assert [*found] == ["x"]
    assert "jensen_shannon of x, 2026-03-01 to 2026-03-02" in found["x"]
