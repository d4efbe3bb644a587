"""Runs of agents that were kept whole: SWE-agent, tau-bench and evaluation sets of Google's ADK."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.base import LogFormat, register
from monitoring_pipelines.logs.llm.content import arguments, describe_answer, length
from monitoring_pipelines.logs.llm.messages import asked_in
from monitoring_pipelines.logs.llm.records import Call, Event, Found, ToolCall
from monitoring_pipelines.logs.llm.values import (
    count,
    instant,
    mapping,
    number,
    path,
    sequence,
    text,
)

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Record

_SECOND = 1000
_DIGITS = 8
_WORD = re.compile(r"[A-Za-z_./][\w./-]{0,39}")


def recognise(record: Record) -> bool:
    """Whether this is a whole run, or a set of them."""
    return (
        (isinstance(record.get("trajectory"), list) and "info" in record)
        or (isinstance(record.get("traj"), list) and "task_id" in record)
        or (isinstance(record.get("eval_cases"), list) and "eval_set_id" in record)
    )


def read(record: Record, hashes: Hashes) -> Found:
    """Steps as calls and tool calls of one session, and how the run ended as an event.

    These logs carry no times. SWE-agent counts tokens for the whole run only; they stand on a row
    of their own, with the operation ``invoke_agent``.
    """
    if "trajectory" in record:
        return _swe_agent(record, hashes)
    if "traj" in record:
        return _messages(record, hashes)
    return _evaluation(record, hashes)


def _swe_agent(record: Record, hashes: Hashes) -> Found:
    steps = [step for step in sequence(record["trajectory"]) if isinstance(step, dict)]
    info = mapping(record["info"])
    session = str(hashes.template(record["trajectory"]))
    found = Found()
    for number_, step in enumerate(steps):
        call = Call(id=f"{session}:{number_}", timestamp=None, status="ok", session_id=session)
        describe_answer(call, step.get("response"), hashes)
        found.calls.append(call)
        action = (text(step.get("action")) or "").strip()
        if action:
            found.tool_calls.append(
                ToolCall(
                    call_id=call.id,
                    timestamp=None,
                    tool=_command(action),
                    ord=number_,
                    executed=True,
                    args_hash=hashes.personal(action),
                    latency_ms=_milliseconds(step.get("execution_time")),
                    result_chars=length(step.get("observation")),
                    result_hash=hashes.personal(step.get("observation")),
                    session_id=session,
                )
            )
        call.tools_called = int(bool(action))
    stats = mapping(info.get("model_stats"))
    if stats:
        total = Call(id=f"{session}:total", timestamp=None, operation="invoke_agent", is_total=True)
        total.session_id, total.status = session, "ok"
        total.input_tokens = count(stats.get("tokens_sent"))
        total.output_tokens = count(stats.get("tokens_received"))
        # demonstrations say 0, which is no price
        total.logged_cost_usd = number(stats.get("instance_cost")) or None
        found.calls.append(total)
    ending = text(info.get("exit_status"))
    found.events.append(Event(f"{session}:end", None, "outcome", "agent", status=ending))
    found.events[-1].session_id = session
    return found


def _messages(record: Record, hashes: Hashes) -> Found:
    """A run as the messages of OpenAI's interface, with a reward at its end."""
    # the same task is run again by other models, in other files
    run = str(hashes.template(record["traj"]))[:_DIGITS]
    session = f"{text(record['task_id'])}:{text(record.get('trial')) or 0}:{run}"
    found = Found()
    asked: dict[str | None, ToolCall] = {}
    for number_, message in enumerate(record["traj"]):
        role = path(message, "role")
        if role == "assistant":
            call = Call(id=f"{session}:{number_}", timestamp=None, status="ok", session_id=session)
            describe_answer(call, message.get("content"), hashes)
            tools = asked_in(message.get("tool_calls"))
            call.tools_called = len(tools)
            call.finish = "tool_calls" if tools else "stop"
            found.calls.append(call)
            for name, given, id_ in tools:
                args, valid = arguments(given)
                tool = ToolCall(call.id, None, name, ord=len(found.tool_calls), executed=True)
                tool.tool_call_id, tool.session_id = id_, session
                tool.args_hash, tool.args_valid = hashes.personal(args), valid
                found.tool_calls.append(tool)
                asked[id_] = tool
        elif role == "tool" and path(message, "tool_call_id") in asked:
            _answer(asked[message["tool_call_id"]], message.get("content"), hashes)
    reward = number(record.get("reward"))
    status = None if reward is None else "ok" if reward >= 1 else "failed"
    found.events.append(Event(f"{session}:end", None, "outcome", "agent", status=status))
    found.events[-1].session_id = session
    return found


def _answer(tool: ToolCall, content: Any, hashes: Hashes) -> None:
    tool.result_chars, tool.result_hash = length(content), hashes.personal(content)
    tool.ok = not (isinstance(content, str) and content.startswith("Error"))
    tool.error_class = None if tool.ok else "error"


def _evaluation(record: Record, hashes: Hashes) -> Found:
    found = Found()
    for case in sequence(record["eval_cases"]):
        session = text(path(case, "eval_id")) or ""
        for turn in sequence(path(case, "conversation")):
            moment = instant(path(turn, "creation_timestamp"))
            data = mapping(path(turn, "intermediate_data"))
            answers = {
                path(one, "id"): path(one, "response")
                for one in sequence(data.get("tool_responses"))
            }
            for used in sequence(data.get("tool_uses")):
                answer = answers.get(path(used, "id"))
                tool = ToolCall(None, moment, text(path(used, "name")) or "unknown", executed=True)
                tool.ord, tool.session_id = len(found.tool_calls), session
                tool.tool_call_id = text(path(used, "id"))
                tool.args_hash, tool.args_valid = hashes.personal(path(used, "args")), True
                if answer is not None:
                    tool.ok = not (path(answer, "is_error") or path(answer, "isError"))
                    tool.result_hash, tool.result_chars = hashes.personal(answer), length(answer)
                found.tool_calls.append(tool)
            event = Event(text(path(turn, "invocation_id")) or session, moment, "invocation")
            event.session_id = session
            found.events.append(event)
    return found


def _command(action: str) -> str:
    """First word of a command line; text that begins otherwise is not shown."""
    word = action.split(maxsplit=1)[0]
    return word if _WORD.fullmatch(word) else "command"


def _milliseconds(seconds: Any) -> float | None:
    value = number(seconds)
    return None if value is None else value * _SECOND


register(LogFormat(name="trajectory", recognise=recognise, read=read, ids_come_again=True))
