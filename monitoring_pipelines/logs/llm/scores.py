"""Scores inside logs: what judges and people gave an answer; numbers and names, no comment.

References
----------
OpenTelemetry semantic conventions for generative AI, event ``gen_ai.evaluation.result``;
Langfuse's scores (``NUMERIC``, ``BOOLEAN``, ``CATEGORICAL``; source ``API``, ``EVAL``,
``ANNOTATION``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.findings import findings
from monitoring_pipelines.logs.llm.records import Score
from monitoring_pipelines.logs.llm.values import decoded, instant, mapping, number, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_NAME, _VALUE = "gen_ai.evaluation.name", "gen_ai.evaluation.score.value"
# a name that somebody gave to a score, and nothing that people wrote
_PLAIN = re.compile(r"[^\W_][\w ./:()%+-]{0,59}")
# what Langfuse tells of the evaluator that ran; a new version of it has a new id
_EVALUATOR = "job_configuration_id"


def without_scores(
    events: Iterable[dict[str, Any]],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Attributes of a span's events as one, and beside them those of each evaluation.

    An evaluation that failed has an error of its own, which is none of the call.

    >>> without_scores([{"error.type": "x"}, {"gen_ai.evaluation.name": "helpful", "a": 1}])
    ({'error.type': 'x'}, [{'gen_ai.evaluation.name': 'helpful', 'a': 1}])
    """
    merged: dict[str, Any] = {}
    told = []
    for attributes in events:
        if _NAME in attributes:
            told.append(attributes)
        else:
            merged |= attributes
    return merged, told


def span_scores(
    told: Iterable[dict[str, Any]], place: tuple[str, str, int | None], hashes: Hashes
) -> Iterator[Score]:
    """Scores of a span at `place` (trace, span, time); without a number an evaluation is none."""
    trace, span, at = place
    for n, one in enumerate(told):
        name = score_name(one.get(_NAME), hashes)
        value = number(one.get(_VALUE))
        if name and value is not None:
            yield Score(f"{trace}:{span}:{n}", at, name, value, trace_id=trace)


def langfuse_scores(trace: Record, records: Iterable[Record], hashes: Hashes) -> Iterator[Score]:
    """Scores of a downloaded trace and of its observations; categories have no number."""
    for record in records:
        for n, one in enumerate(sequence(record.get("scores"))):
            told = mapping(one)
            name, value = score_name(told.get("name"), hashes), number(told.get("value"))
            if not name or value is None or told.get("dataType") == "CATEGORICAL":
                continue
            place = text(told.get("traceId")) or text(trace.get("id")) or ""
            yield Score(
                text(told.get("id")) or f"{place}:{record.get('id')}:{n}",
                instant(told.get("timestamp")),
                name,
                value,
                _judge(told, hashes),
                trace_id=place,
            )


def _judge(told: Record, hashes: Hashes) -> str | None:
    """Who gave a score: its source, and of an evaluator the id of the one that ran."""
    metadata = told.get("metadata")
    more = mapping(decoded(metadata) if isinstance(metadata, str) else metadata)
    parts = (told.get("source"), more.get(_EVALUATOR))
    return " ".join(filter(None, (score_name(part, hashes) for part in parts))) or None


def score_name(value: Any, hashes: Hashes) -> str | None:
    """A plain name as it is, and what people may have written as a hash."""
    name = text(value)
    if name is None or (_PLAIN.fullmatch(name) and findings([name]) == [""]):
        return name
    return hashes.personal(name)
