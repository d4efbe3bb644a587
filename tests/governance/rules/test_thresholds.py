"""A breach has to be beyond chance, by the interval of the result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.governance.card import Limit
from tests.governance.cases import card, facts, judged, number

AUC = Limit(name="roc_auc", at_least=0.8)
MAE = Limit(name="mae", at_most=3.0)


@pytest.mark.parametrize(
    ("limit", "value", "low", "high", "n", "verdict"),
    [
        (AUC, 0.81, 0.79, 0.83, 1_000, "ok"),
        (AUC, 0.79, 0.77, 0.81, 1_000, "warn"),
        (AUC, 0.79, 0.77, 0.799, 1_000, "fail"),
        (AUC, 0.10, 0.09, 0.11, 199, "unknown"),
        (AUC, None, 0.09, 0.11, 1_000, "unknown"),
        (MAE, 2.0, 1.0, 3.5, 1_000, "ok"),
        (MAE, 3.1, 2.9, 3.3, 1_000, "warn"),
        (MAE, 3.1, 3.05, 3.3, 1_000, "fail"),
    ],
)
def test_one_threshold(
    limit: Limit, value: float | None, low: float, high: float, n: int, verdict: str
) -> None:
    known = facts(performance={limit.name: number(limit.name, value, low, high, n)})
    assert judged("GOV-06", card(metrics=(limit,)), known)[0] == verdict


def test_an_estimate_is_told_as_one() -> None:
    estimate = replace(number("roc_auc", 0.85, 0.82, 0.9), status=Status.ESTIMATED)
    verdict, told = judged("GOV-06", card(metrics=(AUC,)), facts(performance={"roc_auc": estimate}))
    assert (verdict, told.split(" against")[0]) == ("ok", "estimated roc_auc 0.85")


def test_the_worst_of_several_is_told() -> None:
    known = facts(performance={"roc_auc": number("roc_auc", 0.5, 0.4, 0.6)})
    verdict, told = judged("GOV-06", card(metrics=(MAE, AUC)), known)
    assert verdict == "fail"
    assert told == "roc_auc 0.5 against at least 0.8, in window 2026-03-01"


def test_it_needs_a_threshold_and_a_result() -> None:
    assert judged("GOV-06", card(), facts()) == ("", "governance.metrics")
    assert judged("GOV-06", card(metrics=(AUC,)), facts()) == ("", "a result of roc_auc")
