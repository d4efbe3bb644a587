"""Records without a time get the day of their file, in their order; others keep what they tell."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring_pipelines.domain.path_date import NOTE
from monitoring_pipelines.logs.llm.dating import date_rows
from monitoring_pipelines.logs.llm.records import Call, Event, Found, Score, Span, ToolCall, Usage

BERLIN = "2026-01-31T00:00:00+01:00"
# 30 January, 23:00 UTC: 20,483 days and 23 hours after 1970
FIRST = (20_483 * 24 + 23) * 3_600_000_000


def run() -> Found:
    """Two calls of a model with a tool each, and how the run ended."""
    calls = [Call(f"s:{n}", None, session_id="s") for n in range(2)]
    tools = [ToolCall(f"s:{n}", None, "f", n, session_id="s") for n in range(2)]
    return Found(calls, tools, events=[Event("s:end", None, "outcome", session_id="s")])


def test_rows_get_the_first_instants_of_the_day_in_their_order() -> None:
    found = run()
    date_rows(found, BERLIN, again=False)
    assert [call.timestamp for call in found.calls] == [FIRST, FIRST + 1]
    assert [tool.timestamp for tool in found.tool_calls] == [FIRST, FIRST + 1]
    assert [event.timestamp for event in found.events] == [FIRST]
    assert {call.notes for call in found.calls} == {NOTE}
    assert [call.id for call in found.calls] == ["s:0", "s:1"]


@pytest.mark.parametrize(
    ("begun", "day"),
    [(BERLIN, "2026-01-31/"), ("2026-01-31T07:00:00+00:00", "2026-01-31T07/")],
)
def test_ids_that_come_again_are_those_of_the_day(begun: str, day: str) -> None:
    found = run()
    date_rows(found, begun, again=True)
    assert [call.id for call in found.calls] == [f"{day}s:0", f"{day}s:1"]
    assert [tool.call_id for tool in found.tool_calls] == [f"{day}s:0", f"{day}s:1"]
    assert {row.session_id for row in (*found.calls, *found.tool_calls, *found.events)} == {
        f"{day}s"
    }
    assert found.events[0].id == f"{day}s:end"


def test_a_tool_of_no_call_has_its_place_in_the_order() -> None:
    found = Found(tool_calls=[ToolCall(None, None, "f", ord=4)])
    date_rows(found, BERLIN, again=True)
    (tool,) = found.tool_calls
    assert (tool.timestamp, tool.call_id, tool.session_id) == (FIRST + 4, None, None)


def test_scores_of_a_batch() -> None:
    found = Found(scores=[Score("1", None, "helpful", 0.5)])
    date_rows(found, BERLIN, again=False)
    assert found.scores[0].timestamp == FIRST


@pytest.mark.parametrize(
    "more",
    [
        {"calls": [Call("1", None), Call("2", 5)]},
        {"calls": [Call("1", None)], "events": [Event("1", 5, "finish")]},
        # the other half of this call may have a time
        {"calls": [Call("1", None, part=0)]},
        {"tool_calls": [ToolCall("1", None, "f", part=1)]},
    ],
)
def test_a_record_that_tells_a_time_or_a_half_is_left_alone(more: dict[str, Any]) -> None:
    found = Found(**more)
    before = [(row.timestamp, row.session_id) for row in (*found.calls, *found.tool_calls)]
    date_rows(found, BERLIN, again=True)
    assert [(row.timestamp, row.session_id) for row in (*found.calls, *found.tool_calls)] == before


def test_what_is_billed_is_of_no_guessed_day() -> None:
    found = Found(spans=[Span("t", "s")], usage=[Usage(None, None)])
    date_rows(found, BERLIN, again=False)
    assert found.usage[0].timestamp is None
