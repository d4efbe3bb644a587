"""Why a window fell, as results: only where something fell, and never worse than unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring_pipelines.alerts.explanation import EXPLAINING
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.why import Together
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    import pandas as pd

    from monitoring_pipelines.domain.result import Result

PER_DAY = 2_000


def log(n_days: int = 4) -> pd.DataFrame:
    """Kind c is never predicted well; from the third day on it is most of the rows."""
    found = rows(n_days, PER_DAY)
    rng = np.random.default_rng(1)
    late = found["id"] >= 2 * PER_DAY
    found.loc[late, "kind"] = rng.choice(["a", "c"], late.sum(), p=[0.2, 0.8])
    found["label"] = (rng.uniform(size=len(found)) < found["score"] ** 0.2).astype(int)
    bad = found["kind"] == "c"
    found.loc[bad, "label"] = rng.integers(0, 2, bad.sum())
    found["label"] = np.where(bad, found["label"], (found["score"] > 0.5).astype(int))
    return found


@pytest.fixture
def fallen(lab: Lab) -> Lab:
    from datetime import timedelta

    lab.config = declared(segments=["kind"])
    frame = log()
    lab.write(frame, labels_of(frame, timedelta(hours=1)))
    lab.run(lab.day(2))
    return lab


def of(lab: Lab, *metrics: str) -> list[Result]:
    return [result for result in lab.results() if result.metric in metrics]


def test_the_cause_of_a_fall(fallen: Lab) -> None:
    held = [r for r in of(fallen, "mix_effect") if r.verdict is Verdict.OK]
    assert [(r.column, r.segment) for r in held] == [("kind", "kind=c")]
    [within] = [r for r in of(fallen, "within_effect") if r.verdict is Verdict.OK]
    auc = fallen.one(fallen.day(2), "roc_auc")
    assert auc.verdict is Verdict.FAIL
    change = (auc.value or 0.0) - (auc.reference_value or 0.0)
    assert (held[0].value or 0.0) + (within.value or 0.0) == pytest.approx(change, abs=0.002)
    assert (held[0].as_of, held[0].status) == (auc.as_of, auc.status)


def test_it_calls_nobody(fallen: Lab) -> None:
    found = of(fallen, *EXPLAINING)
    assert {result.verdict for result in found} <= {Verdict.OK, Verdict.UNKNOWN}


def test_no_value_is_told_of_a_column_that_the_user_did_not_name(fallen: Lab) -> None:
    for result in of(fallen, *EXPLAINING):
        assert "=" not in result.reason
        assert result.segment in {"", "kind=c"}


def test_drift_is_ranked_without_labels(fallen: Lab) -> None:
    effects = {r.column: r.value or 0.0 for r in of(fallen, "drift_effect")}
    assert {*effects} == {"amount", "kind"}
    assert effects["kind"] < -0.05 < effects["amount"]


def test_run_again_it_is_the_same(fallen: Lab) -> None:
    before = fallen.dump()
    fallen.run(fallen.day(2))
    assert fallen.dump() == before


def test_a_rolling_reference_has_causes_too(lab: Lab) -> None:
    from datetime import timedelta

    lab.config = declared(reference={"rolling": 2}, start="2026-01-03", segments=["kind"])
    frame = log(3)
    lab.write(frame, labels_of(frame, timedelta(hours=1)))
    lab.run(lab.day(2))
    held = [r for r in of(lab, "mix_effect") if r.verdict is Verdict.OK]
    assert [r.segment for r in held] == ["kind=c"]
    assert of(lab, "drift_effect") == []


def test_people_are_told(fallen: Lab) -> None:
    from datetime import UTC

    from monitoring_pipelines.alerts.condition import Policy
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.pipeline.alerting import evaluate
    from monitoring_pipelines.store import outbox

    settings = AlertSettings(
        model="credit",
        owner="team:risk",
        cadence=fallen.config.window,
        zone=UTC,
        channel="#ml",
        policy=Policy(breaches=1, of=1, clear=1),
    )
    evaluate(fallen.store.engine, settings, fallen.now, "run")
    with fallen.store.read() as connection:
        said = [message["payload"] for message in outbox.pending(connection)]
    [facts] = [dict(payload["facts"]) for payload in said if payload["stage"] == "firing"][:1]
    assert facts["Why"].startswith("kind=c: 1 of 3 values of kind went from 3")
    assert "which alone changes roc_auc by -" in facts["Why"]


@pytest.mark.parametrize(
    ("said", "low", "high", "truth", "holds"),
    [
        pytest.param(0.80, 0.79, 0.81, 0.78, True, id="most of the change"),
        pytest.param(0.80, 0.60, 0.95, 0.78, False, id="maybe none of it"),
        pytest.param(0.89, 0.885, 0.895, 0.70, False, id="little of it"),
        pytest.param(0.95, 0.94, 0.96, 0.80, False, id="the other way"),
        pytest.param(0.40, 0.39, 0.41, 0.80, False, id="far more than it"),
        pytest.param(0.90, 0.89, 0.91, 0.90, False, id="there is no change"),
    ],
)
def test_all_features_together(
    fallen: Lab, said: float, low: float, high: float, truth: float, *, holds: bool
) -> None:
    result = replace(fallen.one(fallen.day(2), "roc_auc"), reference_value=0.9)
    estimated = replace(result, value=said, low=low, high=high)
    split = Together.of(estimated, replace(result, value=truth))
    assert split is not None
    assert (split.mix.value, split.within.value) == pytest.approx((said - 0.9, truth - said))
    assert split.mix.error == pytest.approx((high - low) / 2 / 1.96, rel=1e-3)
    assert split.holds is holds


def test_all_features_together_are_unknown_without_an_estimate(fallen: Lab) -> None:
    result = fallen.one(fallen.day(2), "roc_auc")
    assert Together.of(None, result) is None
    assert Together.of(result, None) is None
    for lacking in ("value", "low", "high"):
        assert Together.of(replace(result, **{lacking: None}), result) is None
    assert Together.of(result, replace(result, reference_value=None)) is None
