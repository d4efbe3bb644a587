from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.impact import impact
from tests.alerts.histories import result

WIDE = {"n": 227_750, "reference_value": 0.006}


@pytest.mark.parametrize(
    ("metric", "other", "told"),
    [
        # (0.86 - 0.83) * 31,204 = 936.12
        ("accuracy", {}, "about 936 more wrong decisions than usual, of 31,204 with a label"),
        # (0.184 - 0.006) * 227,750 = 40,539.5, told in three figures
        ("missing_rate", WIDE | {"value": 0.184},
         "about 40,500 more rows without a value than usual, of 227,750"),
        ("duplicate_rate", WIDE | {"value": 0.016},
         "about 2,280 more repeated rows than usual, of 227,750"),
        ("volume", {"value": 4_210.0, "reference_value": 41_207.0},
         "about 37,000 predictions fewer than usual"),
        ("label_coverage", {"value": 0.021, "reference_value": 0.97, "n": 1_000},
         "about 949 labels fewer than usual, of 1,000"),
        ("expectation:expect_x", {"value": 0.032, "reference_value": 0.0, "n": 1_000},
         "about 32 of 1,000 rows"),
    ],
)  # fmt: skip
def test_rows_follow_from_the_number(metric: str, other: dict[str, object], told: str) -> None:
    assert impact(result(0, "B", metric, **other)) == told


@pytest.mark.parametrize(
    ("metric", "other"),
    [
        pytest.param("roc_auc", {}, id="an area is no number of rows"),
        pytest.param("recall", {}, id="how many positives there are is not known"),
        pytest.param("accuracy", {"value": 0.9}, id="better than usual"),
        pytest.param("accuracy", {"reference_value": None}, id="no usual value"),
        pytest.param("missing_rate", {"value": None}, id="no value"),
        pytest.param("missing_rate", {"value": 0.8601, "n": 100}, id="less than one row"),
    ],
)
def test_where_nobody_can_tell_nothing_is_told(metric: str, other: dict[str, object]) -> None:
    assert impact(result(0, "B", metric, **other)) == ""


def test_of_a_group_the_rates_are_told() -> None:
    rates = "30.0% of 500 rows are selected, of the rest 50.0% of 500"
    unfair = result(0, "B", "selection_rate_ratio", reason=f"{rates}: 0.6 is beyond 0.8")
    assert impact(unfair) == rates
