from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.backends.duckdb.profile import ColumnProfile
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.roles import guess

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.roles import Roles

N = 1_000


def column(name: str, family: str = "float", n_distinct: int = 500, **other: Any) -> ColumnProfile:
    if family in {"float", "integer"}:
        other = {"low": -3.0, "high": 3.0, "is_whole": family == "integer"} | other
    return ColumnProfile(name, family, **({"n_rows": N, "n": N, "n_distinct": n_distinct} | other))


def share(name: str) -> ColumnProfile:
    return column(name, low=0.0, high=1.0)


def key(name: str) -> ColumnProfile:
    return column(name, "text", n_distinct=N)


def classes(name: str, *values: str) -> ColumnProfile:
    return column(name, "text", n_distinct=len(values), values=values)


def time(name: str) -> ColumnProfile:
    return column(name, "timestamp")


def guessed(
    *columns: ColumnProfile, labels: list[ColumnProfile] | None = None, adds_up: bool = False
) -> Roles:
    return guess(columns, labels, lambda _: adds_up)


def test_a_binary_classifier_with_labels_elsewhere() -> None:
    found = guessed(
        key("request_id"), time("created_at"), time("scored_at"), share("p_default"),
        column("income"), share("utilisation"), classes("decision", "no", "yes"),
        classes("model_version", "v1"),
        labels=[key("request_id"), classes("defaulted", "no", "yes"), time("observed_at")],
    )  # fmt: skip
    assert found.predictions == {
        "id": "request_id",
        "timestamp": "scored_at",
        "prediction_score": "p_default",
        "prediction": "decision",
        "model_version": "model_version",
    }
    assert found.labels == {"label": "defaulted", "available_at": "observed_at"}
    assert (found.task, found.positive) == (Task.BINARY, "yes")


def test_a_regression_with_labels_beside_the_predictions() -> None:
    found = guessed(time("hour"), column("predicted_rentals"), column("actual"), column("temp"))
    assert found.predictions == {"timestamp": "hour", "prediction": "predicted_rentals"}
    assert found.labels == {"label": "actual"}
    assert found.task is Task.REGRESSION


def test_probabilities_of_classes_whose_names_have_parts() -> None:
    columns = [share(f"y_pred_proba_{name}") for name in ("prepaid_card", "gold_card", "none")]
    found = guessed(time("ts"), *columns, classes("y_pred", "a", "b", "c"), adds_up=True)
    assert found.proba == {
        "prepaid_card": "y_pred_proba_prepaid_card",
        "gold_card": "y_pred_proba_gold_card",
        "none": "y_pred_proba_none",
    }
    assert found.predictions == {"timestamp": "ts", "prediction": "y_pred"}
    assert found.task is Task.MULTICLASS


def test_shares_that_do_not_add_up_are_no_probabilities() -> None:
    columns = [share(f"proba_{name}") for name in "abc"]
    assert guessed(time("ts"), *columns, classes("y_pred", "a", "b", "c")).proba == {}


def test_a_prediction_between_two_classes_is_a_score() -> None:
    truth = column("y_true", "integer", n_distinct=2, low=0.0, high=1.0, values=("0", "1"))
    found = guessed(time("ts"), share("y_pred"), truth)
    assert found.predictions == {"timestamp": "ts", "prediction_score": "y_pred"}
    assert (found.labels, found.task, found.positive) == ({"label": "y_true"}, Task.BINARY, None)


def test_of_two_classes_without_a_telling_name_the_rarer_is_looked_for() -> None:
    truth = classes("label", "many", "few")
    assert guessed(time("ts"), share("score"), truth).positive == "few"


def test_a_time_is_not_taken_for_a_birthday_or_a_number() -> None:
    year = column("year", "integer", low=2015.0, high=2018.0)
    epoch = column("event_ts", "integer", low=1.7e9, high=1.8e9)
    found = guessed(time("birth_date"), year, epoch, share("score"))
    assert found.predictions["timestamp"] == "event_ts"


def test_labels_with_an_id_of_another_name() -> None:
    found = guessed(
        key("id"), time("ts"), share("score"), labels=[key("loan_id"), classes("repaid", "0", "1")]
    )
    assert found.labels == {"id": "loan_id", "label": "repaid"}


@pytest.mark.parametrize(
    ("columns", "labels", "told"),
    [
        ([share("score")], None, "No column is a time, which a prediction log needs: 'score'."),
        ([time("ts"), column("fare")], None, "looks like a prediction or a score: 'fare'."),
        ([time("ts"), share("score")], [classes("y", "0", "1")], "No column joins the labels"),
        ([key("id"), time("ts"), share("score")], [key("id")],
         "No column of the labels looks like the truth: none is left."),
        ([key("id"), time("ts"), share("score")], [key("id"), column("a"), column("b")],
         "looks like the truth: 'a', 'b'."),
    ],
)  # fmt: skip
def test_what_cannot_be_guessed_is_said(
    columns: list[ColumnProfile], labels: list[ColumnProfile] | None, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        guessed(*columns, labels=labels)
