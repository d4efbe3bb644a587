"""The history of the card tells whether a threshold was moved until it fitted."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.card import Limit
from monitoring_pipelines.governance.facts import Declared
from tests.governance.cases import AT, DAY, card, facts, judged, number


def at_least(limit: float, days_before: float) -> Declared:
    return Declared(AT - days_before * DAY, {"roc_auc": Limit(name="roc_auc", at_least=limit)})


@pytest.mark.parametrize(
    ("history", "now", "verdict", "told"),
    [
        ([at_least(0.8, 9)], 0.8, "ok", "not looser than before the data"),
        ([at_least(0.7, 9), at_least(0.8, 0.5)], 0.8, "ok", "not looser"),
        ([at_least(0.8, 9), at_least(0.7, 0.5)], 0.7, "fail", "only since its threshold was"),
        # 0.75 passes both: loosened, and without a consequence yet
        ([at_least(0.75, 9), at_least(0.7, 0.5)], 0.7, "warn", "was loosened after the data"),
        # a change before the window is no trick
        ([at_least(0.8, 9), at_least(0.7, 2)], 0.7, "ok", "not looser"),
        ([at_least(0.8, 0.5)], 0.8, "unknown", "declared on 2026-03-01, after 2026-03-01"),
        ([], 0.8, "unknown", "declared by no record yet"),
    ],
)
def test_against_the_card_before_the_window(
    history: list[Declared], now: float, verdict: str, told: str
) -> None:
    promised = card(metrics=(Limit(name="roc_auc", at_least=now),))
    known = facts(
        performance={"roc_auc": number("roc_auc", 0.76, 0.7, 0.8)}, declared=tuple(history)
    )
    found = judged("GOV-07", promised, known)
    assert found[0] == verdict
    assert told in found[1]


def test_a_threshold_that_was_taken_off_the_card_is_as_loose_as_can_be() -> None:
    known = facts(
        performance={"roc_auc": number("roc_auc", 0.76, 0.7, 0.8)},
        declared=(at_least(0.8, 9), Declared(AT - 0.5 * DAY, {})),
    )
    verdict, told = judged("GOV-07", card(), known)
    assert verdict == "fail"
    assert "only since its threshold was taken away after the data" in told


def test_a_threshold_that_asks_for_more_rows_than_there_are_is_looser() -> None:
    known = facts(
        performance={"roc_auc": number("roc_auc", 0.76, 0.7, 0.8)}, declared=(at_least(0.8, 9),)
    )
    promised = card(metrics=(Limit(name="roc_auc", at_least=0.8, min_rows=5_000),))
    assert judged("GOV-07", promised, known)[0] == "fail"


def test_looser_is_what_allows_more() -> None:
    low, high = Limit(name="m", at_least=0.8), Limit(name="m", at_most=3.0)
    assert Limit(name="m", at_least=0.7).is_looser(low)
    assert Limit(name="m", at_most=3.1).is_looser(high)
    assert Limit(name="m", at_most=1.0).is_looser(low)  # the lower bound is gone
    assert not Limit(name="m", at_least=0.9).is_looser(low)
    assert not low.is_looser(low)


def test_it_needs_a_threshold_and_a_result() -> None:
    assert judged("GOV-07", card(), facts()) == ("", "governance.metrics")
    assert judged("GOV-07", card(metrics=(Limit(name="mae"),)), facts()) == (
        "", "a result of a metric with a threshold",
    )  # fmt: skip
