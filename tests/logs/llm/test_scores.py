"""Scores inside logs: whose they are, and nothing of what was said about them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from monitoring_pipelines.logs.llm import FORMATS
from monitoring_pipelines.logs.llm.hashes import Hashes
from tests.llm_logs import model_span

HASHES = Hashes(b"key")


def trace(*scores: dict[str, Any], observation: dict[str, Any] | None = None) -> dict[str, Any]:
    """A download of Langfuse."""
    one = {"id": "o", "type": "SPAN", "traceId": "t", "startTime": "2026-01-02T00:00:00Z"}
    told = {"id": "t", "timestamp": "2026-01-02T00:00:00Z", "scores": list(scores)}
    return {"trace": told, "observations": [{**one, **(observation or {})}]}


def score(name: str, value: Any, **more: Any) -> dict[str, Any]:
    told = {"name": name, "value": value, "source": "API", "dataType": "NUMERIC", "traceId": "t"}
    return {"id": f"{name}-{value}", **told, "comment": "what a judge wrote", **more}


def test_langfuse_tells_scores_of_a_trace_and_of_its_observations() -> None:
    evaluator = json.dumps({"job_configuration_id": "v2", "target_trace_id": "t"})
    record = trace(
        score("correct", 0.5, source="EVAL", metadata=evaluator),
        score("flag", 1, dataType="BOOLEAN"),
        score("tone", 2, dataType="CATEGORICAL", stringValue="rude"),
        score("broken", None),
        observation={"scores": [score("helpful", -1, source="ANNOTATION")]},
    )
    found = FORMATS["langfuse"].read(record, HASHES).scores
    assert [(one.name, one.value, one.judge, one.trace_id) for one in found] == [
        ("correct", 0.5, "EVAL v2", "t"),
        ("flag", 1.0, "API", "t"),
        ("helpful", -1.0, "ANNOTATION", "t"),
    ]
    assert "wrote" not in str(found)


def test_a_name_that_could_be_of_people_is_hashed() -> None:
    record = trace(score("anna@example.org", 1), score("x" * 70, 1))
    names = [one.name for one in FORMATS["langfuse"].read(record, HASHES).scores]
    assert names == [HASHES.personal("anna@example.org"), HASHES.personal("x" * 70)]


def test_evaluations_of_a_span_are_each_a_score_and_no_error_of_the_call() -> None:
    def event(**told: Any) -> dict[str, Any]:
        named = {f"gen_ai.evaluation.{key}": value for key, value in told.items()}
        return {"name": "gen_ai.evaluation.result", "attributes": named}

    record = model_span("a1", 1, timedelta())
    failed = event(name="Relevance")
    failed["attributes"]["error.type"] = "timeout"
    record["events"] = [
        event(**{"name": "Relevance", "score.value": 4.0, "explanation": "what a judge wrote"}),
        event(**{"name": "Fluency", "score.value": 0, "score.label": "fail"}),
        event(**{"name": "Tone", "score.label": "rude"}),
        failed,
    ]
    found = FORMATS["span_rows"].read(record, HASHES)
    assert [(one.name, one.value, one.trace_id) for one in found.scores] == [
        ("Relevance", 4.0, "a1"),
        ("Fluency", 0.0, "a1"),
    ]
    assert len({one.id for one in found.scores}) == 2
    assert [call.status for call in found.calls] == ["ok"]
    assert "wrote" not in str(found)

    pairs = [
        {"key": key, "value": {"doubleValue" if key.endswith("value") else "stringValue": value}}
        for key, value in record["events"][0]["attributes"].items()
    ]
    spans = [{"traceId": "a1", "spanId": "b2", "events": [{"attributes": pairs}]}]
    document = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    assert [one.value for one in FORMATS["otlp"].read(document, HASHES).scores] == [4.0]

    fields = [
        {"key": key, "value": value} for key, value in record["events"][0]["attributes"].items()
    ]
    one = {"traceID": "a1", "spanID": "b2", "operationName": "x", "logs": [{"fields": fields}]}
    jaeger = {"traceID": "a1", "spans": [one]}
    assert [one.value for one in FORMATS["jaeger"].read(jaeger, HASHES).scores] == [4.0]
