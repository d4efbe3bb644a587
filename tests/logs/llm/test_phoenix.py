"""Annotations of Phoenix, in the fields that its interface documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.llm_records import HASHES, found_in

NEWER = 1_767_405_600_000_000  # 3 January 2026, 02:00 UTC: 20,456 days and two hours after 1970


def annotation(**changes: Any) -> dict[str, Any]:
    return {
        "id": "U3BhbkFubm90YXRpb246MQ==",
        "span_id": "67F6740BBE1DDC3F",
        "name": "correctness",
        "annotator_kind": "LLM",
        "result": {"label": "correct", "score": 0.85, "explanation": "of Ana"},
        "metadata": {"model": "gpt-4"},
        "identifier": "user-123",
        "created_at": "2026-01-02T00:00:00+00:00",
        "updated_at": "2026-01-03T02:00:00+00:00",
        "source": "API",
        "user_id": None,
        **changes,
    }


def test_a_score_of_a_span() -> None:
    (score,) = found_in(annotation(), "phoenix").scores
    assert (score.id, score.timestamp) == ("U3BhbkFubm90YXRpb246MQ==", NEWER)
    assert (score.name, score.value, score.judge) == ("correctness", 0.85, "LLM")
    assert (score.trace_id, score.span_id) == (None, "67f6740bbe1ddc3f")
    assert "Ana" not in repr(score)
    assert "user-123" not in repr(score)


def test_a_page_and_scores_of_traces() -> None:
    traced = annotation(trace_id="ab" * 16, updated_at=None)
    del traced["span_id"]
    page = {"data": [annotation(), traced], "next_cursor": None}
    first, second = found_in(page, "phoenix").scores
    assert (first.trace_id, second.trace_id, second.span_id) == (None, "ab" * 16, None)
    assert second.timestamp == NEWER - 26 * 3_600_000_000
    assert found_in({"data": [], "next_cursor": None}, "phoenix").rows() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"result": {"label": "good", "score": None}},
        {"result": None},
        {"name": "note", "result": {"explanation": "look at this"}},
        # of a document that was found, and not of an answer
        {"document_position": 0},
        {"span_id": None, "session_id": "s"},
    ],
)
def test_what_tells_no_score_of_an_answer(changes: dict[str, Any]) -> None:
    assert found_in(annotation(**changes), "phoenix").rows() == []


def test_what_is_sent_to_phoenix_has_one_id_for_one_annotator() -> None:
    def sent(**changes: Any) -> str:
        told = {k: v for k, v in annotation(**changes).items() if k != "id"}
        return found_in(told, "phoenix").scores[0].id

    assert sent() == sent(result={"score": 0.1})
    assert len({sent(), sent(identifier="user-124"), sent(name="x"), sent(span_id="ab")}) == 4
    assert "user-123" not in sent()
    name = "anna@example.org"
    (score,) = found_in(annotation(name=name), "phoenix").scores
    assert score.name == HASHES.personal(name)
