"""A model as a whole: what it needs, what cannot be, and that YAML and Python are one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from pydantic import ValidationError

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.config.reference import Reference
from monitoring_pipelines.config.section import instant
from monitoring_pipelines.config.source import (
    LabelColumns,
    Labels,
    PredictionColumns,
    Predictions,
)
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.window import Cadence

YAML = """
name: credit
task: binary_classification
owner: team:risk
predictions:
  location: log.parquet
  columns: {id: id, timestamp: at, prediction_score: p}
labels:
  location: labels.parquet
  columns: {label: y}
  maturity: 30d
reference: {start: 2026-01-01, end: "2026-04-01"}
"""


def with_(**more: Any) -> dict[str, Any]:
    return yaml.safe_load(YAML) | more


def told(**more: Any) -> str:
    with pytest.raises(ValidationError) as error:
        ModelConfig.model_validate(with_(**more))
    return error.value.errors()[0]["msg"].removeprefix("Value error, ")


def test_python_and_yaml_are_one() -> None:
    python = ModelConfig(
        name="credit",
        task=Task.BINARY,
        owner="team:risk",
        predictions=Predictions(
            location="log.parquet",
            columns=PredictionColumns(id="id", timestamp="at", prediction_score="p"),
        ),
        labels=Labels(
            location="labels.parquet",
            columns=LabelColumns(label="y"),
            maturity=timedelta(days=30),
        ),
        reference=Reference(start=date(2026, 1, 1), end=date(2026, 4, 1)),
    )
    declared = ModelConfig.model_validate(yaml.safe_load(YAML))
    assert python == declared
    assert python.fingerprint == declared.fingerprint
    assert ModelConfig.model_validate_json(python.model_dump_json()) == python


def predictions(**columns: str) -> dict[str, Any]:
    return {"location": "log.parquet", "columns": {"timestamp": "at", **columns}}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"nam": 1}, "Unknown key 'nam'. Did you mean 'name'?"),
        ({"name": "a b"}, "String should match pattern"),
        ({"task": "clustering"}, "Input should be 'binary_classification', "),
        ({"owner": "somebody"}, "'somebody' is neither team:name nor an e-mail address."),
        ({"timezone": "Mars"}, "Unknown time zone 'Mars'."),
        ({"window": "minute"}, "Input should be 'hour', 'day', 'week', 'month' or 'year'"),
        ({"reference": {"rolling": 7}}, "`start` is needed: the first day that is monitored."),
        (
            {"reference": {"previous_version": True}, "start": "2026-01-01"},
            "`reference.previous_version` needs `predictions.columns.model_version`: the column",
        ),
        (
            {"predictions": predictions(prediction_score="p")},
            "Labels are joined by id: name it in `predictions.columns.id`.",
        ),
        (
            {"predictions": predictions(id="id")},
            "A binary classification needs `prediction_score` or `prediction` in",
        ),
        ({"task": "regression"}, "A regression needs `predictions.columns.prediction`."),
        (
            {"task": "multiclass_classification"},
            "A multiclass model needs `predictions.columns.prediction`.",
        ),
        (
            {"reference": {"same_weekday": 4}, "start": "2026-01-01", "window": "month"},
            "`same_weekday` goes with windows of an hour or a day.",
        ),
        ({"end": "2026-03-01"}, "The monitored time ends (2026-03-01) before it starts."),
        (
            {"performance": {"metric": "roc_acu"}},
            "Unknown metric of a binary_classification 'roc_acu'. Did you mean 'roc_auc'?",
        ),
        (
            {"performance": {"metric": "mae"}},
            "Unknown metric of a binary_classification 'mae'.",
        ),
        (
            {"labels": {"columns": {"label": "y"}, "maturity": "a month"}},
            "'a month' is not a duration; write 90m, 12h, 30d or 2w.",
        ),
    ],
)
def test_what_cannot_be(more: dict[str, Any], sentence: str) -> None:
    assert told(**more).startswith(sentence)


def test_monitoring_starts_where_the_reference_ends() -> None:
    config = ModelConfig.model_validate(with_(timezone="Europe/Berlin"))
    assert config.first == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert config.last is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (datetime(2026, 7, 1, 9), datetime(2026, 7, 1, 7, tzinfo=UTC)),
        (datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_is_local_unless_it_says_so(moment: date, expected: datetime) -> None:
    assert instant(moment, ZoneInfo("Europe/Berlin")) == expected


@pytest.mark.parametrize("cadence", list(Cadence))
def test_every_cadence_has_a_schedule(cadence: Cadence) -> None:
    assert len(ModelConfig.model_validate(with_(window=cadence)).cron.split()) == 5


def test_what_pages_follows_the_task() -> None:
    def primary(**more: Any) -> str:
        return ModelConfig.model_validate(with_(**more)).primary_metric

    decided = predictions(id="id", prediction="d")
    assert primary() == "roc_auc"
    assert primary(predictions=decided) == "accuracy"
    assert primary(predictions=decided, task="regression") == "mae"
    assert primary(predictions=decided, task="multiclass_classification") == "accuracy"
    assert primary(performance={"metric": "brier_score"}) == "brier_score"


def test_a_password_has_no_part_in_the_hash() -> None:
    def hashed(password: str) -> str:
        url = f"postgresql://me:{password}@host/db"
        source = predictions(id="id", prediction_score="p") | {"location": url, "table": "t"}
        return ModelConfig.model_validate(with_(predictions=source)).fingerprint

    assert hashed("one") == hashed("two")


def test_what_only_judges_does_not_read_a_log_again() -> None:
    plain = ModelConfig.model_validate(with_())
    strict = ModelConfig.model_validate(with_(performance={"tolerance": 0.5}))
    other = ModelConfig.model_validate(with_(segments=["a"]))
    assert plain.fingerprint != strict.fingerprint
    assert plain.summary_fingerprint == strict.summary_fingerprint
    assert plain.summary_fingerprint != other.summary_fingerprint
    # decisions are made out of scores before they are counted
    decided = ModelConfig.model_validate(with_(performance={"threshold": 0.5}))
    assert plain.summary_fingerprint != decided.summary_fingerprint
