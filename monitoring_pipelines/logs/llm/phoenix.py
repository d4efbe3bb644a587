"""Annotations of Phoenix: scores of spans and traces, as its interface gives them.

References
----------
Arize Phoenix, REST interface, ``/v1/projects/{project}/span_annotations`` and
``trace_annotations``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Found, Score
from monitoring_pipelines.logs.llm.scores import score_name
from monitoring_pipelines.logs.llm.spans import hex_id
from monitoring_pipelines.logs.llm.values import instant, number, path, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_OF = ("span_id", "trace_id", "session_id")


def recognise(record: Record) -> bool:
    """Whether this is an annotation, or a page of them."""
    page = record.get("data")
    if "next_cursor" in record and isinstance(page, list):
        return all(isinstance(one, dict) and _is_one(one) for one in page)
    return _is_one(record)


def _is_one(record: Record) -> bool:
    return {"annotator_kind", "name"} <= record.keys() and any(name in record for name in _OF)


def read(record: Record, hashes: Hashes) -> Found:
    """Scores of spans and of traces; labels, notes, sessions and single documents tell none.

    An annotation that was written again has the same id; the one that was changed last counts.
    """
    page = record["data"] if "next_cursor" in record else [record]
    return Found(scores=[score for one in page for score in _scores(one, hashes)])


def _scores(one: Record, hashes: Hashes) -> Iterator[Score]:
    name, value = score_name(one.get("name"), hashes), number(path(one, "result", "score"))
    span, trace = (hex_id(one.get(key)) or None for key in ("span_id", "trace_id"))
    if not name or value is None or not (span or trace) or "document_position" in one:
        return
    # what is sent to Phoenix has no id yet: by these it writes over what is there
    own = f"{span or trace}:{name}:{hashes.personal(text(one.get('identifier'))) or ''}"
    yield Score(
        text(one.get("id")) or own,
        instant(one.get("updated_at")) or instant(one.get("created_at")),
        name,
        value,
        score_name(one.get("annotator_kind"), hashes),
        trace_id=trace,
        span_id=span,
    )


register(LogFormat(name="phoenix", recognise=recognise, read=read))
