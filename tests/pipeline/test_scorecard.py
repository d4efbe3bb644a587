"""The estimate is compared with the truth, and not believed after it was wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import PERFORMANCE
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.scorecard import estimation_error, muted
from monitoring_pipelines.store.results import read
from tests.pipeline.lab import LATER, Lab, declared, labels_of, rows

if TYPE_CHECKING:
    import pandas as pd

JUDGING = Judging(declared(), "run", "1")


def number(lab: Lab, **more: Any) -> Result:
    values: dict[str, Any] = {
        "model": "credit",
        "window": lab.day(2).utc,
        "metric": "roc_auc",
        "as_of": LATER,
        "value": None,
        "n": 1_000,
        "verdict": Verdict.OK,
        "reason": "",
        "status": Status.FINAL,
        "tolerance": 0.02,
    }
    return Result(**(values | more))


def scored(lab: Lab, said: float, truth: float | None, metric: str = "roc_auc") -> Result | None:
    """An estimate with 0.03 of uncertainty, against a truth."""
    interval = {"low": said - 0.03, "high": said + 0.03, "status": Status.ESTIMATED}
    estimated = number(lab, value=said, **interval)
    realised = number(lab, value=truth, label_coverage=0.9)
    return estimation_error(JUDGING, lab.day(2), PERFORMANCE[metric], estimated, realised)


@pytest.mark.parametrize(
    ("said", "truth", "metric", "verdict", "reason"),
    [
        (0.82, 0.75, "roc_auc", "warn", "the estimated roc_auc 0.82 was too optimistic by 0.07 "),
        (0.75, 0.82, "roc_auc", "warn", "the estimated roc_auc 0.75 was too pessimistic by 0.07 "),
        (0.75, 0.82, "mae", "warn", "the estimated mae 0.75 was too optimistic by 0.07 "),
        (0.02, -0.3, "bias", "warn", "the estimated bias 0.02 was too optimistic by 0.32 "),
        # large, and chance could explain it
        (0.82, 0.795, "roc_auc", "ok", "off by 0.025, within its interval"),
        (0.82, 0.81, "roc_auc", "ok", "off by 0.01, within the tolerance"),
    ],
)
def test_the_error_is_told_with_its_direction(
    lab: Lab, said: float, truth: float, metric: str, verdict: str, reason: str
) -> None:
    error = scored(lab, said, truth, metric)
    assert error is not None
    assert error.verdict == verdict
    assert reason in error.reason
    assert error.value == pytest.approx(said - truth, abs=1e-12)
    assert error.low == pytest.approx(said - 0.03 - truth, abs=1e-12)
    assert (error.as_of, error.label_coverage) == (LATER, 0.9)


def test_without_an_estimate_or_without_a_truth_there_is_no_error(lab: Lab) -> None:
    assert scored(lab, 0.8, None) is None
    realised = number(lab, value=0.8)
    metric = PERFORMANCE["roc_auc"]
    assert estimation_error(JUDGING, lab.day(2), metric, None, realised) is None
    unknown = number(lab, status=Status.ESTIMATED)
    assert estimation_error(JUDGING, lab.day(2), metric, unknown, realised) is None


@pytest.mark.parametrize(
    ("record", "wrong"),
    [("", 0), ("w", 0), ("ww", 2), ("wow", 2), ("owo", 0), ("wwoo", 0), ("wwwooww", 2), ("www", 3)],
)
def test_two_wrong_ones_of_the_last_three_mute_it(lab: Lab, record: str, wrong: int) -> None:
    error = scored(lab, 0.82, 0.75)
    assert error is not None
    errors = [
        replace(error, verdict=Verdict.WARN if letter == "w" else Verdict.OK) for letter in record
    ]
    said = muted(errors)
    assert bool(said) is bool(wrong)
    if wrong:
        windows = min(3, len(record))
        assert f"of the last {windows} windows with final labels the estimate" in said
        assert f"wrong in {wrong}, at last by 0.07" in said


def upside_down(log: pd.DataFrame, day: int, per_day: int) -> pd.DataFrame:
    """The labels mean the opposite from `day` on: concept drift that no score shows."""
    return log.assign(label=log["label"].where(log["id"] < day * per_day, 1 - log["label"]))


def test_after_two_wrong_windows_estimates_are_muted_until_they_are_right_again(lab: Lab) -> None:
    per_day = 600
    log = rows(n_days=10, per_day=per_day)
    wrong = upside_down(log, 4, per_day)
    back = wrong.assign(label=wrong["label"].where(log["id"] < 7 * per_day, log["label"]))
    columns = {"label": "label", "available_at": "known"}
    labels = {"location": "labels.parquet", "columns": columns, "maturity": "1d"}
    lab.config = declared(labels=labels)
    lab.write(log, labels_of(back, after=lab.day(1).start - lab.day(0).start))
    lab.run(*(lab.day(number) for number in range(2, 10)))
    errors = {r.window.start.day: r.verdict.value for r in lab.results(metric="estimation_error")}
    assert errors == {3: "ok", 4: "ok", 5: "warn", 6: "warn", 7: "warn", 8: "ok", 9: "ok", 10: "ok"}
    with lab.store.read() as connection:
        found = read(connection, metric="roc_auc", segment="", status=Status.ESTIMATED)
    judged = {r.window.start.day: r.verdict.value for r in found}
    # labels are final a day after the window's end, so a window knows of those before it: on the
    # 7th two of 4, 5, 6 were wrong, on the 9th two of 6, 7, 8, on the 10th one of 7, 8, 9
    unknown = {7, 8, 9}
    assert judged == {day: "unknown" if day in unknown else "ok" for day in range(3, 11)}
    once = lab.dump()
    lab.run(lab.day(8))
    assert lab.dump() == once
