from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.wording import breach, change, name, steps
from tests.alerts.histories import result


@pytest.mark.parametrize(
    ("metric", "other", "sentence"),
    [
        pytest.param(
            "roc_auc",
            {"low": 0.798, "high": 0.81, "value": 0.804},
            "roc_auc is 0.804 (limit 0.84, usual 0.86, interval 0.798 to 0.81).",
            id="worse is lower, so the limit is below",
        ),
        pytest.param(
            "mae",
            {"value": 14.0, "reference_value": 10.0, "tolerance": 1.0},
            "mae is 14 (limit 11, usual 10).",
            id="worse is higher, so the limit is above",
        ),
        pytest.param(
            "missing_rate",
            {"column": "income", "segment": "country=BR", "value": 0.1234,
             "reference_value": 0.01, "tolerance": 0.02},
            "missing_rate of income for country=BR is 12.3 % (limit 3 %, usual 1 %).",
            id="a share is told in per cent",
        ),
        pytest.param(
            "volume",
            {"value": 0.0, "reference_value": 41_207.0, "tolerance": None},
            "No predictions (usual 41,207).",
            id="silence",
        ),
        pytest.param(
            "staleness",
            {"value": 3.0, "reference_value": None, "tolerance": None},
            "staleness is 3.",
            id="nothing to compare with",
        ),
        pytest.param(
            "expectation:expect_column_values_to_be_between",
            {"column": "age"},
            "expect_column_values_to_be_between of age is not met.",
            id="an expectation",
        ),
        pytest.param("schema", {}, "schema is broken.", id="shape"),
        pytest.param("mae", {"value": None}, "mae is broken.", id="no value"),
    ],
)  # fmt: skip
def test_breach(metric: str, other: dict[str, object], sentence: str) -> None:
    assert breach(result(0, "B", metric, **other)) == sentence


def test_change_in_a_few_words() -> None:
    assert change(result(0, "B")) == "roc_auc 0.83 (usual 0.86)"
    assert change(result(0, "B", reference_value=None)) == "roc_auc 0.83"
    assert change(result(0, "B", "type_change", column="age")) == "type_change of age"
    assert change(result(0, ".")) == "roc_auc"


def test_the_reason_of_a_result_may_quote_data_and_is_never_told() -> None:
    assert "ann@example.org" not in breach(result(0, "B", reason="saw ann@example.org"))


def test_a_name_has_only_the_parts_that_there_are() -> None:
    assert name(result(0, "B")) == "roc_auc"


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_something_to_do(cause: Cause) -> None:
    assert 1 <= len(steps(cause)) <= 3
