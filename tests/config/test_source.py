"""Where logs lie: tables and queries, zones, formats, roles, classes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.config.source import Labels, PredictionColumns, Predictions, Source

URL = "postgresql+psycopg://reader:s3cret@db:5432/warehouse"


def told(values: dict[str, Any], kind: type[Source] = Source) -> str:
    with pytest.raises(ValidationError) as error:
        kind.model_validate(values)
    [line] = error.value.errors()
    return line["msg"].removeprefix("Value error, ")


def test_an_unknown_zone() -> None:
    assert told({"timezone": "Europe/Berln"}) == (
        "Unknown time zone 'Europe/Berln'. Did you mean 'Europe/Berlin'? "
    ).replace("'? ", "'?")
    assert told({"timezone": "+1"}) == "Unknown time zone '+1'. Write it as Europe/Berlin."


def test_an_unknown_format() -> None:
    assert "'parquet', 'csv', 'jsonl' or 'llm'" in told({"location": "a.txt", "format": "txt"})


@pytest.mark.parametrize("more", [{}, {"table": "a", "query": "SELECT 1"}])
def test_a_database_is_read_by_table_or_query(more: dict[str, str]) -> None:
    assert told({"location": URL} | more) == "A database needs either `table` or `query`."


def test_a_table_needs_a_database() -> None:
    assert told({"location": "a.csv", "table": "log"}) == (
        "`table` and `query` go with a `location` that is a Postgres URL, "
        'such as "{{ env.WAREHOUSE_URL }}".'
    )


def test_a_template_is_judged_when_it_is_filled_in() -> None:
    assert not Source(location="{{ env.WAREHOUSE_URL }}", table="log").is_database


def test_the_password_is_not_in_the_location_that_is_shown() -> None:
    source = Source(location=URL, table="log")
    assert source.is_database
    assert source.safe_location == "postgresql+psycopg://reader:***@db:5432/warehouse"


def test_predictions_need_a_location_and_a_time() -> None:
    assert told({"columns": {"timestamp": "at"}}, Predictions) == "Field required"
    assert told({"location": "a.csv", "columns": {}}, Predictions) == "Field required"


def test_a_wrong_type() -> None:
    assert told({"location": 7}) == "Input should be a valid string"


@pytest.mark.parametrize("value", [1, 1.0, True, "1"])
def test_the_positive_class_is_one_text(value: Any) -> None:
    assert Labels.model_validate({"columns": {"label": "y"}, "positive": value}).positive == "1"


def test_classes_that_are_numbers_are_texts() -> None:
    columns = PredictionColumns.model_validate(
        {"timestamp": "at", "prediction_proba": {0: "p0", 1.0: "p1", "x": "px"}}
    )
    assert columns.prediction_proba == {"0": "p0", "1": "p1", "x": "px"}


def test_the_day_in_a_path_is_of_raw_logs() -> None:
    raw = {"location": "runs", "format": "llm", "path_date": "date=%Y-%m-%d"}
    assert Predictions.model_validate(raw).path_date == "date=%Y-%m-%d"
    assert told({**raw, "path_date": "%Y"}, Predictions).startswith("'%Y' names no day")
    table = {**raw, "fields": {"timestamp": "at"}}
    assert told(table, Predictions).startswith("`path_date` goes with raw logs")
    plain = {"location": "a.csv", "columns": {"timestamp": "at"}, "path_date": "%Y-%m-%d"}
    assert told(plain, Predictions).startswith("`path_date` goes with raw logs")


def test_windows_of_an_hour_need_the_hour_in_a_path() -> None:
    values = {
        "name": "runs",
        "task": "agent",
        "predictions": {"location": "runs", "format": "llm", "path_date": "%Y-%m-%d"},
        "start": "2026-01-01",
        "reference": {"rolling": 7},
        "window": "hour",
    }
    with pytest.raises(ValidationError, match="Windows of an hour need %H"):
        ModelConfig.model_validate(values)
    values["predictions"] = {"location": "runs", "format": "llm", "path_date": "%Y-%m-%d/%H"}
    assert ModelConfig.model_validate(values).window == "hour"
