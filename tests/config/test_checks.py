"""What is judged: names that exist, numbers that can be, columns of one kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.alerts import Alerts
from monitoring_pipelines.config.checks import Drift, Features, Performance, Quality

if TYPE_CHECKING:
    from monitoring_pipelines.config.section import Section


def told(kind: type[Section], values: Any) -> str:
    with pytest.raises(ValidationError) as error:
        kind.model_validate(values)
    [line] = error.value.errors()
    return line["msg"].removeprefix("Value error, ")


def test_a_list_of_features_includes_them() -> None:
    assert Features.model_validate(["a", "b"]).include == ("a", "b")


def test_a_column_is_of_one_kind() -> None:
    assert told(Features, {"numeric": ["a"], "categorical": ["a"]}) == (
        "'a' is both in `numeric` and in `categorical`."
    )
    assert told(Features, {"include": ["a"], "exclude": ["a"]}) == (
        "'a' is both in `include` and in `exclude`."
    )


def test_a_metric_that_does_not_exist() -> None:
    sentence = told(Drift, {"tolerances": {"jensen_shanon": 0.1}})
    assert sentence.startswith(
        "Unknown metric 'jensen_shanon'. Did you mean 'jensen_shannon'? Known: "
    )
    assert told(Quality, {"fail_above": {"mising_rate": 0.1}}).startswith(
        "Unknown metric 'mising_rate'. Did you mean 'missing_rate'? Known: "
    )


def test_what_breaks_the_contract() -> None:
    quality = Quality(fail_above={"missing_rate": 0.5})
    assert quality.contract("missing_rate") == 0.5
    assert quality.contract("duplicate_rate") == 0.1
    assert quality.contract("unseen_rate") == math.inf


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (Performance, {"tolerance": 0}, "Input should be greater than 0"),
        (Performance, {"min_rows": 1}, "Input should be greater than or equal to 2"),
        (Performance, {"min_coverage": 2}, "Input should be less than or equal to 1"),
        (Alerts, {"false_alerts_per_quarter": 0}, "Input should be greater than 0"),
        (Alerts, {"runbook": "javascript:x"}, "String should match pattern"),
        (Drift, {"min_rows": "many"}, "Input should be a valid integer"),
    ],
)
def test_numbers_that_cannot_be(kind: type[Section], values: dict[str, Any], sentence: str) -> None:
    assert told(kind, values).startswith(sentence)
