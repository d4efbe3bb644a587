from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.wording import breach, change, limit, name, subject
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
            "The newest prediction is 3 hours older than the window's end.",
            id="late",
        ),
        pytest.param(
            "selection_rate_ratio",
            {"column": "sex", "segment": "sex=f", "value": 0.6, "reference_value": 0.9,
             "tolerance": 0.8, "low": 0.51, "high": 0.7},
            "selection_rate_ratio of sex for sex=f is 0.6 "
            "(limit 0.8, usual 0.9, interval 0.51 to 0.7).",
            id="a group is compared with the rest",
        ),
        pytest.param(
            "true_positive_rate_gap",
            {"column": "sex", "segment": "sex=f", "value": -0.2, "reference_value": 0.01,
             "tolerance": 0.1},
            "true_positive_rate_gap of sex for sex=f is -0.2 (limit -0.1, usual 0.01).",
            id="a gap has its limit on its own side",
        ),
        pytest.param(
            "constant_column",
            {"column": "income", "value": 1.0, "reference_value": 0.02, "tolerance": None},
            "constant_column of income is 100 % (usual 2 %).",
            id="a finding of sanity is a share",
        ),
        pytest.param("staleness", {"value": None}, "No prediction has ever arrived.", id="never"),
        pytest.param(
            "volume",
            {"value": 4_210.0, "reference_value": 41_207.0, "tolerance": None},
            "Only 4,210 predictions (usual 41,207).",
            id="few",
        ),
        pytest.param(
            "label_coverage",
            {"value": 0.021, "reference_value": 0.97, "tolerance": None},
            "Only 2.1 % of the labels that are due have arrived (usual 97 %).",
            id="lost labels",
        ),
        pytest.param(
            "type_change",
            {"value": 0.34, "column": "income"},
            "income has another type in 34 % of its rows.",
            id="a type",
        ),
        pytest.param("type_change", {"value": None}, "A column has another type.", id="types"),
        pytest.param("schema", {"value": 1.0}, "1 column is gone.", id="a column"),
        pytest.param("schema", {"value": 3.0}, "3 columns are gone.", id="columns"),
        pytest.param("run", {}, "A monitoring run failed: its window is unknown, not fine.",
                     id="a run"),
        pytest.param("readable", {}, "The prediction log cannot be read.", id="a log"),
        pytest.param("labels_readable", {}, "The labels cannot be read.", id="labels"),
        pytest.param(
            "custom",
            {"value": 3.0, "reference_value": None, "tolerance": None},
            "custom is 3.",
            id="nothing to compare with",
        ),
        pytest.param(
            "expectation:expect_column_values_to_be_between",
            {"column": "age", "value": None},
            "expect_column_values_to_be_between of age is not met.",
            id="an expectation of the table",
        ),
        pytest.param(
            "expectation:expect_column_values_to_be_between",
            {"column": "age", "value": 0.032},
            "expect_column_values_to_be_between of age is not met by 3.2 % of the rows.",
            id="an expectation of rows",
        ),
        pytest.param("schema", {"value": None}, "schema is broken.", id="shape"),
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


@pytest.mark.parametrize(
    ("metric", "told"),
    [("roc_auc", "Silence"), ("run", "Silence: run failed"), ("volume", "Silence: too few rows")],
)
def test_the_subject_is_the_kind_of_trouble(metric: str, told: str) -> None:
    assert subject(result(0, "B", metric), Cause.SILENCE) == told


@pytest.mark.parametrize(
    ("metric", "value", "usual", "expected"),
    [
        pytest.param("roc_auc", 0.9, 0.86, 0.84, id="below, though the value is above"),
        pytest.param("mae", 9.0, 10.0, 10.02, id="above, though the value is below"),
        pytest.param("bias", -0.3, 0.1, -0.12, id="on the side of the value, away from zero"),
        pytest.param("bias", 0.3, -0.1, 0.12, id="as far from zero as usual, and more"),
        pytest.param("missing_rate", 0.006, 0.006, 0.026, id="a share of bad values, as usual"),
        pytest.param("custom", 0.9, 0.86, 0.88, id="unknown: on the side of the value"),
        pytest.param("roc_auc", None, 0.86, None, id="no value"),
    ],
)
def test_limit_is_on_the_side_that_is_worse(
    metric: str, value: float | None, usual: float, expected: float | None
) -> None:
    found = limit(result(0, "B", metric, value=value, reference_value=usual))
    assert found == (expected if expected is None else pytest.approx(expected))


def test_a_broken_promise_is_told_in_the_rules_own_words() -> None:
    broken = result(0, "B", "gov_04_approved_versions", reason="version v2 serves", value=1.0)
    assert breach(broken) == "Version v2 serves."
    assert change(broken) == "gov_04_approved_versions"
