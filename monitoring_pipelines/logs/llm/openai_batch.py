"""OpenAI batch output and error files: one request's answer per line, in no order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm import openai_chat, openai_responses
from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.failure import failed_call
from monitoring_pipelines.logs.llm.records import Found
from monitoring_pipelines.logs.llm.values import count, mapping, path, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record


def recognise(record: Record) -> bool:
    """Whether this is a line of a batch's output."""
    return "custom_id" in record and ("response" in record or "error" in record)


def read(record: Record, hashes: Hashes) -> Found:
    """One call, with the prices of batches. The body is a completion, a response or an error.

    The order is not the input's: `custom_id` joins them. The answer's own id is the call's, so
    that a call that is also logged elsewhere is one. A failed line has none, and carries the id of
    the batch request; it has no time either.
    """
    response = mapping(record.get("response"))
    body = mapping(response.get("body"))
    status = count(response.get("status_code"))
    found = Found()
    for shape in (openai_chat, openai_responses):
        if shape.recognise(body):
            found = shape.read(body, hashes)
    if not found.calls:
        error = path(body, "error") or record.get("error")
        found.calls.append(failed_call(text(record.get("id")), None, error, status))
    for call in found.calls:
        call.http_status = status
        call.tier = "batch"
        call.custom_id = text(record.get("custom_id"))
    return found


register(LogFormat(name="openai_batch", recognise=recognise, read=read))
