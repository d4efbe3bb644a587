"""The day of a batch for records that tell no time: its first instant, in the order of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.path_date import NOTE

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.records import Call, Event, Found, Score, ToolCall

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def date_rows(found: Found, begun: str, *, again: bool) -> None:
    """Date a record's rows by `begun` (ISO 8601), when the day or hour of its file began.

    Nothing is done if any of them has a time, or tells one half of something whose other half may
    have one. Rows keep their order: each call is a microsecond after the one before it. Where ids
    come `again` in another batch, as those of tasks do, the day is put before them.
    """
    halves: list[Call | ToolCall] = [*found.calls, *found.tool_calls]
    others: list[Event | Score] = [*found.events, *found.scores]
    if any(row.timestamp is not None for row in (*halves, *others)):
        return
    if any(row.part is not None for row in halves):
        return
    first = int((datetime.fromisoformat(begun) - _EPOCH).total_seconds()) * 1_000_000
    steps = {call.id: number for number, call in enumerate(found.calls)}
    for call in found.calls:
        call.timestamp = first + steps[call.id]
        call.note(NOTE)
    for tool in found.tool_calls:
        tool.timestamp = first + steps.get(tool.call_id or "", tool.ord)
    for other in others:
        other.timestamp = first
    if again:
        _put_before(found, begun[:13].removesuffix("T00") + "/")


def _put_before(found: Found, day: str) -> None:
    for tool in found.tool_calls:
        tool.call_id = tool.call_id and day + tool.call_id
    named: list[Call | Event] = [*found.calls, *found.events]
    for one in named:
        one.id = day + one.id
    placed: list[Call | ToolCall | Event] = [*named, *found.tool_calls]
    for row in placed:
        row.session_id = row.session_id and day + row.session_id
