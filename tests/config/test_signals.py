"""An LLM application or agent as it is declared."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.model import ModelConfig


def app(task: str = "llm", **more: Any) -> ModelConfig:
    values: dict[str, Any] = {
        "name": "bot",
        "task": task,
        "predictions": {"location": "logs/*.jsonl", "format": "llm"},
        "reference": {"rolling": 28},
        "start": "2026-01-01",
    }
    return ModelConfig.model_validate(values | more)


def told(**more: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        app(**more)
    return "; ".join(
        str(line["msg"]).removeprefix("Value error, ") for line in caught.value.errors()
    )


def test_columns_are_known_and_the_first_signal_pages() -> None:
    bot, agent = app(), app("agent")
    assert (bot.predictions.columns.id, bot.predictions.columns.model_version) == ("id", "model")
    assert (bot.primary_metric, agent.primary_metric) == ("error_rate", "failed_task_rate")
    assert app(performance={"metric": "latency_p95"}).primary_metric == "latency_p95"


def test_a_signal_of_the_other_task_is_refused() -> None:
    assert "Unknown signal of a llm 'loop_rate'" in told(signals={"limits": {"loop_rate": 0.1}})
    assert "Did you mean 'error_rate'" in told(signals={"tolerances": {"eror_rate": 0.1}})
    assert "Unknown metric of a llm 'roc_auc'" in told(performance={"metric": "roc_auc"})


def test_raw_logs_are_needed() -> None:
    plain = {"location": "calls.parquet", "columns": {"timestamp": "at"}}
    assert "The task 'llm' needs `format: llm`" in told(predictions=plain)


@pytest.mark.parametrize(
    ("predictions", "sentence"),
    [
        ({"fields": {"input_tokens": "toks"}}, "`fields` need `timestamp`"),
        (
            {"format": "csv", "fields": {"timestamp": "at"}, "columns": {"timestamp": "at"}},
            "`fields` go with `format: llm`",
        ),
        ({"location": "postgresql://u:secret@host/db", "table": "t"}, "`format: llm` reads files"),
    ],
)
def test_what_cannot_be(predictions: dict[str, Any], sentence: str) -> None:
    text = told(predictions={"location": "a.csv", "format": "llm", **predictions})
    assert sentence in text
    assert "secret" not in text


def test_limits_and_tolerances_do_not_read_a_log_again_and_tools_do() -> None:
    base = app("agent")
    judged = app("agent", signals={"limits": {"loop_rate": 0.1}, "min_rows": 20})
    assert judged.summary_fingerprint == base.summary_fingerprint
    assert judged.fingerprint != base.fingerprint
    counted = app("agent", signals={"tools": ["search"]})
    assert counted.summary_fingerprint != base.summary_fingerprint


def test_fairness_is_of_decisions() -> None:
    assert "the task 'llm' has none" in told(fairness={"attributes": ["tier"]})
