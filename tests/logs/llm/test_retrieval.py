"""Documents of retrievals, as spans, Langfuse and Bedrock's agents tell of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitoring_pipelines.logs.llm.records import Call
from monitoring_pipelines.logs.llm.retrieval import describe_documents, documents_in
from tests.llm_logs import span
from tests.llm_records import HASHES, call_in, found_in

NOON = timedelta(hours=12)


def described(documents: list[Any] | None) -> tuple[int | None, str | None, float | None]:
    call = Call("c", 0)
    describe_documents(call, documents, HASHES)
    assert call.operation == "retrieval"
    return call.documents, call.document_ids, call.retrieval_score


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        (None, (None, None, None)),
        ([], (0, None, None)),
        ([{"id": "a.md", "score": 0.5}, {"id": "b.md", "score": "0.75"}], (2, "a.md b.md", 0.75)),
        # two pieces of one document
        ([{"id": 7}, {"id": 7}], (2, "7", None)),
        ([{"document": {"id": "x", "score": -0.5}}], (1, "x", -0.5)),
        ([{"page_content": "t", "metadata": {"source": "guide.md"}}], (1, "guide.md", None)),
        (
            [{"metadata": {"x-amz-bedrock-kb-chunk-id": "1%3A0"}}],
            (1, HASHES.personal("1%3A0"), None),
        ),
        # an address, and a text: known by their hashes alone
        ([{"id": "jane@example.com"}], (1, HASHES.personal("jane@example.com"), None)),
        ([{"content": "a text"}, "a text"], (2, HASHES.personal("a text"), None)),
        ([7, None], (2, None, None)),
    ],
)
def test_what_a_retrieval_found(documents: list[Any] | None, told: object) -> None:
    assert described(documents) == told


@pytest.mark.parametrize(
    ("value", "n"),
    [
        ('{"documents": [{"id": "1"}]}', 1),
        ({"retrievedReferences": [{}, {}]}, 2),
        ("[]", 0),
        ({"answer": "no"}, None),
        ("no JSON", None),
        (None, None),
    ],
)
def test_where_the_documents_of_a_result_are(value: object, n: int | None) -> None:
    found = documents_in(value)
    assert (None if found is None else len(found)) == n


def test_a_retriever_of_openinference() -> None:
    told = {
        "openinference.span.kind": "RETRIEVER",
        "retrieval.documents.0.document.id": "a",
        "retrieval.documents.0.document.score": 0.9,
        "retrieval.documents.0.document.content": "a text about somebody",
        "retrieval.documents.10.document.id": "c",
        "retrieval.documents.2.document.id": "b",
    }
    found = call_in(span("t", 1, NOON, **told), "span_rows")
    assert (found.operation, found.documents, found.document_ids) == ("retrieval", 3, "a b c")
    assert found.retrieval_score == 0.9
    assert "somebody" not in repr(found)


def test_a_retrieval_of_opentelemetry() -> None:
    documents = '[{"id": "a", "score": 0.25}]'
    told = {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": documents}
    found = call_in(span("t", 1, NOON, **told), "span_rows")
    assert (found.documents, found.document_ids, found.retrieval_score) == (1, "a", 0.25)


@pytest.mark.parametrize(("output", "n"), [('{"documents": []}', 0), ("nothing", None)])
def test_a_retriever_that_found_nothing_says_so_in_its_output(output: str, n: int | None) -> None:
    told = {"openinference.span.kind": "RETRIEVER", "output.value": output}
    assert call_in(span("t", 1, NOON, **told), "span_rows").documents == n


def test_a_retriever_of_langfuse() -> None:
    observation = {
        "id": "o", "type": "RETRIEVER", "traceId": "t", "startTime": "2026-01-01T00:00:00Z",
        "output": [{"id": "a", "score": 1}, {"id": "b", "score": 3}],
    }  # fmt: skip
    record = {"trace": {"id": "t", "sessionId": "s"}, "observations": [observation]}
    found = call_in(record, "langfuse")
    assert (found.documents, found.document_ids, found.retrieval_score) == (2, "a b", 3)
    assert found.session_id == "s"


def test_a_knowledge_base_of_bedrock() -> None:
    output = {"retrievedReferences": [{"content": {"text": "x"}, "metadata": {"source": "a.pdf"}}]}
    seen = {"type": "KNOWLEDGE_BASE", "traceId": "r-1", "knowledgeBaseLookupOutput": output}
    record = {
        "agentId": "A", "sessionId": "s", "eventTime": "2026-01-01T00:00:00Z",
        "trace": {"orchestrationTrace": {"observation": seen}},
    }  # fmt: skip
    found = found_in(record, "bedrock_agent")
    (call,) = found.calls
    assert (call.id, call.documents, call.document_ids) == ("r-1:retrieval", 1, "a.pdf")
    assert [tool.ok for tool in found.tool_calls] == [True]
