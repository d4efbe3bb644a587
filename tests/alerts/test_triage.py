from __future__ import annotations

from dataclasses import replace

import pytest

from monitoring_pipelines.alerts import triage
from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.condition import Outcome, Policy
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.triage import (
    Fingerprint,
    evaluation,
    fingerprint,
    policy,
    severity,
)
from monitoring_pipelines.domain.verdict import Verdict
from tests.alerts.histories import day, result


@pytest.mark.parametrize(
    ("metric", "cause"),
    [
        ("volume", Cause.SILENCE),
        ("staleness", Cause.SILENCE),
        ("missing_rate", Cause.DATA_CONTRACT),
        ("unseen_rate", Cause.DATA_CONTRACT),
        ("out_of_range_rate", Cause.DATA_CONTRACT),
        ("duplicate_rate", Cause.DATA_CONTRACT),
        ("type_change", Cause.DATA_CONTRACT),
        ("schema", Cause.DATA_CONTRACT),
        ("expectation:expect_column_values_to_not_be_null", Cause.DATA_CONTRACT),
        ("roc_auc", Cause.PERFORMANCE),
        ("mae", Cause.PERFORMANCE),
        ("constant_column", Cause.DATA_CONTRACT),
        ("selection_rate_ratio", Cause.FAIRNESS),
        ("true_positive_rate_gap", Cause.FAIRNESS),
        ("gov_04_approved_versions", Cause.GOVERNANCE),
        ("model_retirement", Cause.GOVERNANCE),
    ],
)
def test_every_metric_has_a_cause(metric: str, cause: Cause) -> None:
    assert Fingerprint("churn", "", metric, "").cause is cause


def test_a_broken_promise_is_certain_and_never_wakes_anybody() -> None:
    broken = result(1, "B", "gov_04_approved_versions")
    assert severity(broken) is Severity.HIGH
    usual = Policy(breaches=3, of=5, clear=4)
    assert policy(fingerprint(broken), usual) == Policy(breaches=1, of=1, clear=1)
    assert policy(fingerprint(result(1, "B", "roc_auc")), usual) == usual


@pytest.mark.parametrize(("days", "how"), [(30, "high"), (8, "high"), (7, "critical")])
def test_a_model_that_ends_within_a_week_is_critical(days: float, how: str) -> None:
    ending = replace(result(1, "B", "model_retirement"), value=days)
    assert severity(ending).value == how


def test_a_quality_metric_of_somebody_else_is_a_data_contract(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(triage, "QUALITY", {"negative_share"})
    assert Fingerprint("churn", "", "negative_share", "age").cause is Cause.DATA_CONTRACT


def test_drift_never_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage, "DRIFT", {"psi"})
    assert not Fingerprint("churn", "", "psi", "age").pages
    assert Fingerprint("churn", "", "roc_auc", "").pages


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict.FAIL, Outcome.BREACH),
        (Verdict.WARN, Outcome.OK),
        (Verdict.OK, Outcome.OK),
        (Verdict.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_only_fail_is_a_breach_and_unknown_is_never_ok(verdict: Verdict, outcome: Outcome) -> None:
    found = evaluation(result(3, "B", verdict=verdict))
    assert (found.outcome, found.window) == (outcome, day(3))


@pytest.mark.parametrize(
    ("metric", "value", "reference", "tolerance", "expected"),
    [
        # three times 0.02 below 0.86 is 0.80
        ("roc_auc", 0.80, 0.86, 0.02, Severity.CRITICAL),
        ("roc_auc", 0.801, 0.86, 0.02, Severity.HIGH),
        ("mae", 16.0, 10.0, 2.0, Severity.CRITICAL),
        ("roc_auc", 0.1, None, 0.02, Severity.HIGH),
        ("roc_auc", 0.1, 0.9, 0.0, Severity.HIGH),
        ("volume", 0.0, 40_000.0, None, Severity.CRITICAL),
        ("volume", 12.0, 40_000.0, None, Severity.HIGH),
        ("staleness", 0.0, None, None, Severity.HIGH),
        ("schema", None, None, None, Severity.CRITICAL),
        ("type_change", 1.0, 0.0, 0.0, Severity.CRITICAL),
        ("missing_rate", 1.0, 0.0, 0.01, Severity.HIGH),
    ],
)
def test_severity(
    metric: str,
    value: float | None,
    reference: float | None,
    tolerance: float | None,
    expected: Severity,
) -> None:
    breach = result(0, "B", metric, value=value, reference_value=reference, tolerance=tolerance)
    assert severity(breach) is expected


def test_a_fingerprint_holds_names_only_and_tells_them_apart() -> None:
    assert fingerprint(result(0, "B")) == fingerprint(result(9, "o", value=0.1, n=3))
    # joined without a separator these two would be the same
    one, other = Fingerprint("m", "a=1", "b", "c"), Fingerprint("m", "a=1b", "", "c")
    assert one.key != other.key


def test_unfairness_is_high_however_far_it_is_from_the_past() -> None:
    found = result(
        3, "B", metric="selection_rate_ratio", value=0.1, reference_value=0.9, tolerance=0.1
    )
    assert severity(found) is Severity.HIGH


def test_one_sign_of_an_attack_is_enough_and_some_call_people() -> None:
    leak, secret = (Fingerprint("m", "", f"sec_0{n}_x", "answer") for n in (8, 7))
    assert leak.cause is secret.cause is Cause.SECURITY
    assert policy(leak, Policy(breaches=2, of=3, clear=2)) == Policy(breaches=1, of=1, clear=1)
