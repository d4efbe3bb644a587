"""What a search for documents found: how many, which, and how well they fit; none of their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.findings import findings
from monitoring_pipelines.logs.llm.values import decoded, mapping, number, path, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Call

_NUMBERED = re.compile(r"retrieval\.documents\.(\d+)\.document\.(id|score|content)")
# an id that says nothing of people: a number, a UUID, a digest, a short name of a file
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")
_CHUNK = "x-amz-bedrock-kb-chunk-id"
_LISTS = ("documents", "docs", "results", "retrievedReferences", "retrievalResults", "matches")
_IDS = ("id", "document_id", "doc_id", "chunk_id", "source")
_TEXTS = ("content", "page_content", "pageContent", "text")
_SCORES = ("score", "relevance_score", "similarity")


def documents_in(value: Any) -> list[Any] | None:
    """Documents of a result, in whichever shape it was kept; None if it is none.

    >>> documents_in('{"documents": [{"id": "7"}]}'), documents_in([]), documents_in("no")
    ([{'id': '7'}], [], None)
    """
    value = decoded(value) if isinstance(value, str) else value
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    return value if isinstance(value, list) else None


def numbered_documents(attributes: dict[str, Any]) -> list[Any]:
    """Documents in the attributes of a span of OpenInference, in their order."""
    found: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        if match := _NUMBERED.fullmatch(key):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[at] for at in sorted(found)]


def describe_documents(call: Call, found: list[Any] | None, hashes: Hashes) -> None:
    """Fill in what a retrieval found; None if the log does not tell.

    A document without an id is known by a keyed hash of its text, and so is an id that is long or
    could be a person's.
    """
    call.operation = "retrieval"
    if found is None:
        return
    call.documents = len(found)
    ids = dict.fromkeys(filter(None, (_id(one, hashes) for one in found)))
    call.document_ids = " ".join(ids) or None
    call.retrieval_score = max(_scores(found), default=None)


def _id(one: Any, hashes: Hashes) -> str | None:
    if isinstance(one, str):
        return hashes.personal(one)
    inner = mapping(path(one, "document")) or mapping(one)
    metadata = mapping(inner.get("metadata"))
    places = (inner, metadata, mapping(inner.get("location")))
    found = (text(place.get(key)) for place in places for key in (*_IDS, _CHUNK))
    known = next(filter(None, found), None)
    if known is not None and _PLAIN.fullmatch(known) and findings([known]) == [""]:
        return known
    content = next((inner[key] for key in _TEXTS if inner.get(key)), None)
    return hashes.personal(known or content or inner.get("location"))


def _scores(found: list[Any]) -> Iterator[float]:
    for one in found:
        inner = mapping(path(one, "document")) or mapping(one)
        for place in (inner, mapping(one), mapping(inner.get("metadata"))):
            score = next((n for key in _SCORES if (n := number(place.get(key))) is not None), None)
            if score is not None:
                yield score
                break
