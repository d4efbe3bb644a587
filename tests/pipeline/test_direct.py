"""A regression's estimates end to end: before labels come, scored by them, and muted when wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.store.schema import summaries
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window


def regression(**more: Any) -> ModelConfig:
    columns = {"id": "id", "timestamp": "at", "prediction": "said"}
    return declared(
        task="regression",
        predictions={"location": "log.parquet", "columns": columns},
        performance={"metric": "mae", "tolerance": 0.3, "min_rows": 30},
        **more,
    )


def labels(maturity: str) -> dict[str, Any]:
    columns = {"label": "label", "available_at": "known"}
    return {"location": "labels.parquet", "columns": columns, "maturity": maturity}


def days(lab: Lab, *numbers: int) -> list[Window]:
    return [lab.day(number) for number in numbers]


def told(n_days: int = 6, per_day: int = 400) -> pd.DataFrame:
    """The error of kind c, which a third of the rows are of, is six times that of the others."""
    log, rng = rows(n_days, per_day), np.random.default_rng(7)
    log = log.drop(columns=["score", "label"])
    log["said"] = rng.normal(50, 5, len(log))
    log["label"] = log["said"] + rng.normal(size=len(log)) * np.where(log["kind"] == "c", 6, 1)
    return log


def truth(log: pd.DataFrame) -> pd.DataFrame:
    return labels_of(log, timedelta(hours=1))


def day(log: pd.DataFrame, number: int) -> pd.Series[bool]:
    return log["at"].dt.day == number + 1


def estimated(lab: Lab, metric: str = "mae", segment: str = "") -> list[Result]:
    return lab.results(status=Status.ESTIMATED, metric=metric, segment=segment)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path, regression())


def test_another_mixture_is_seen_before_its_labels(lab: Lab) -> None:
    log = told()
    log.loc[day(log, 3), "kind"] = "c"
    lab.write(log, truth(log[log["at"] < lab.day(2).start]))
    usual, worse = (report.of("estimated_performance") for report in lab.at_once(*days(lab, 2, 3)))
    (before,), (after,) = ([r for r in part if r.metric == "mae"] for part in (usual, worse))
    # errors are normal: mean absolute ones of sqrt(2 / pi) standard deviations
    expected = np.sqrt(2 / np.pi) * np.array([(1 + 1 + 6) / 3, 6])
    assert before.value == pytest.approx(expected[0], rel=0.15)
    assert after.value == pytest.approx(expected[1], rel=0.15)
    assert (before.verdict, after.verdict) == (Verdict.OK, Verdict.FAIL)
    assert after.reason.startswith("estimated mae 4.")
    assert {r.metric for r in worse} >= {"mse", "rmse", "r2", "bias", "mape"}


def test_the_truth_scores_the_estimate_and_mutes_it(lab: Lab) -> None:
    log = told(7)
    late = log["at"] >= lab.day(2).start
    log.loc[late, "label"] += 4.0  # the world moved, and no feature tells
    lab.write(log, truth(log))
    lab.config = regression(labels=labels(maturity="1h"))
    lab.run(*days(lab, 2, 3, 4, 5, 6))
    errors = lab.results(metric="estimation_error")
    assert [error.verdict for error in errors[:2]] == [Verdict.WARN] * 2
    assert "too optimistic" in errors[0].reason
    assert errors[0].reason.endswith(
        "rows like these do not have the errors that they had in the reference (concept drift)"
    )
    last = estimated(lab)[-1]
    assert last.verdict is Verdict.UNKNOWN
    assert last.reason.startswith("not judged: of the last 3 windows with final labels")


def test_a_segment_is_estimated_by_its_own_rows(tmp_path: Path) -> None:
    lab = Lab(tmp_path, regression(segments=["kind"]))
    log = told()
    lab.write(log, truth(log))
    lab.run(*days(lab, 2))
    for kind, spread in {"a": 1, "c": 6}.items():
        [result] = estimated(lab, segment=f"kind={kind}")
        assert result.value == pytest.approx(np.sqrt(2 / np.pi) * spread, rel=0.2)


def test_the_tree_is_kept_and_the_reference_read_once(lab: Lab) -> None:
    log = told()
    lab.write(log, truth(log))
    lab.run(*days(lab, 2))
    first = estimated(lab)
    recent = log[~(log["at"] < lab.day(2).start)]
    lab.write(recent, truth(log))  # the reference's rows are gone
    lab.run(*days(lab, 2))
    assert [r.value for r in estimated(lab)] == [r.value for r in first]


def test_without_labels_in_the_reference_there_is_no_estimate(lab: Lab) -> None:
    log = told()
    lab.write(log, truth(log[~(log["at"] < lab.day(2).start)]))
    lab.at_once(*days(lab, 2))
    [result] = estimated(lab)
    assert result.verdict is Verdict.UNKNOWN
    assert "reference" in result.reason


def kinds(lab: Lab) -> list[str]:
    """Kinds of the summaries that are stored."""
    with lab.store.read() as connection:
        return [*connection.scalars(sa.select(summaries.c.kind))]


@pytest.fixture
def moving(tmp_path: Path) -> Lab:
    config = regression(
        reference={"rolling": 2}, start="2026-01-03", segments=["kind"], labels=labels("1h")
    )
    return Lab(tmp_path, config)


def test_a_moving_reference_is_estimated_by_its_own_windows(moving: Lab) -> None:
    log = told(7)
    late = log["at"] >= moving.day(3).start
    log.loc[late, "label"] += (log["label"] - log["said"])[late]  # errors are doubled for good
    moving.write(log, truth(log))
    moving.run(*days(moving, 2, 3, 4, 5, 6))
    found = [result.value or 0.0 for result in estimated(moving)]
    usual = np.sqrt(2 / np.pi) * (1 + 1 + 6) / 3
    # the two windows before are as usual; one of them is; none is
    assert found[:2] == pytest.approx([usual] * 2, rel=0.15)
    assert found[2] == pytest.approx(1.5 * usual, rel=0.15)
    assert found[3:] == pytest.approx([2 * usual] * 2, rel=0.15)
    last = [r for r in estimated(moving, segment="kind=c") if r.window == moving.day(6).utc]
    assert last[0].value == pytest.approx(np.sqrt(2 / np.pi) * 12, rel=0.2)
    kept = kinds(moving)
    # of the six days before the last one
    assert (kept.count("losses"), kept.count("reference_losses")) == (6, 1)


def test_a_moving_reference_is_summed_once_and_the_same_whatever_the_order(moving: Lab) -> None:
    log = told(6)
    moving.write(log, truth(log))
    moving.run(*days(moving, 5, 3, 4, 2))
    first = [(r.window, r.value, r.low, r.high, r.verdict) for r in estimated(moving)]
    moving.run(*days(moving, 2, 3, 4, 5))
    again = [(r.window, r.value, r.low, r.high, r.verdict) for r in estimated(moving)]
    assert again == first


def test_a_moving_reference_without_history_is_grown_on_its_first_windows(moving: Lab) -> None:
    log = told(6)
    log = log[log["at"] >= moving.day(2).start]
    moving.write(log, truth(log))
    moving.run(*days(moving, 2, 3, 4, 5))
    first, *others = estimated(moving)
    assert (first.verdict, first.value) == (Verdict.UNKNOWN, None)
    assert first.reason == "the reference has no labels to estimate by"
    assert [r.verdict for r in others] == [Verdict.OK] * 3


def test_while_labels_come_the_tree_is_not_kept(moving: Lab) -> None:
    log = told(4)
    moving.config = regression(reference={"rolling": 2}, start="2026-01-03", labels=labels("30d"))
    moving.write(log, truth(log))
    moving.now = moving.day(3).end
    moving.run(*days(moving, 2, 3))
    assert [r.verdict for r in estimated(moving)] == [Verdict.OK] * 2
    assert not any("losses" in kind for kind in kinds(moving))


def test_a_moving_reference_of_few_labels_says_so(moving: Lab) -> None:
    log = told(4)
    moving.write(log, truth(log).iloc[:0])
    moving.at_once(*days(moving, 2))
    [result] = estimated(moving)
    assert result.verdict is Verdict.UNKNOWN
    assert result.reason == "the reference has no labels to estimate by"
