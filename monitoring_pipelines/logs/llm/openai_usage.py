"""Exports of OpenAI's usage and costs: what the provider itself counted, to reconcile with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.records import Found, Usage
from monitoring_pipelines.logs.llm.values import count, instant, number, path, sequence, text

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record


def recognise(record: Record) -> bool:
    """Whether this is a bucket of time, or a page of them."""
    if record.get("object") == "page":
        first = next(iter(sequence(record.get("data"))), None)
        return not record.get("data") or path(first, "object") == "bucket"
    return record.get("object") == "bucket" and "results" in record


def read(record: Record, hashes: Hashes) -> Found:
    """Rows of a bucket: tokens and requests, or an amount of money.

    Only amounts in US dollars are taken as cost; OpenAI bills in no other currency.
    """
    if record.get("object") == "page":
        found = Found()
        for bucket in sequence(record.get("data")):
            found.add(read(bucket, hashes))
        return found
    start, end = instant(record.get("start_time")), instant(record.get("end_time"))
    return Found(
        usage=[
            Usage(
                timestamp=start,
                end=end,
                model=text(path(result, "model")),
                project=text(path(result, "project_id")),
                line_item=text(path(result, "line_item")),
                requests=count(path(result, "num_model_requests")),
                input_tokens=count(path(result, "input_tokens")),
                cache_read_tokens=count(path(result, "input_cached_tokens")),
                output_tokens=count(path(result, "output_tokens")),
                cost_usd=number(path(result, "amount", "value"))
                if str(path(result, "amount", "currency")).lower() == "usd"
                else None,
            )
            for result in sequence(record.get("results"))
        ]
    )


register(LogFormat(name="openai_usage", recognise=recognise, read=read))
