"""Runs of agents that were kept whole."""

from __future__ import annotations

from typing import Any

from tests.llm_records import found_in

SWE = {
    "environment": "swe_main",
    "trajectory": [
        {"action": "ls -F\n", "observation": "a.py", "response": "Let me look", "thought": "x"},
        {
            "action": "python a.py",
            "observation": "Error",
            "response": "Run",
            "execution_time": 0.5,
        },
        {"action": "", "observation": "", "response": "exit_format"},
    ],
    "info": {
        "exit_status": "submitted",
        "model_stats": {"instance_cost": 0.12, "tokens_sent": 9000, "tokens_received": 300},
    },
}


def test_steps_of_swe_agent() -> None:
    found = found_in(SWE, "trajectory")
    steps, totals = found.calls[:-1], found.calls[-1]
    assert len(steps) == 3
    assert {call.input_tokens for call in steps} == {None}
    assert (totals.is_total, totals.operation) == (True, "invoke_agent")
    assert (totals.input_tokens, totals.output_tokens, totals.logged_cost_usd) == (9000, 300, 0.12)
    assert [(t.tool, t.latency_ms) for t in found.tool_calls] == [("ls", None), ("python", 500.0)]
    assert [(e.kind, e.status) for e in found.events] == [("outcome", "submitted")]
    assert len({call.session_id for call in found.calls}) == 1


def test_a_tool_is_a_command_and_no_text() -> None:
    steps = [{"action": action} for action in ("./run.sh -x", "4111-1111 pay", "x" * 50, "ls")]
    found = found_in({"trajectory": steps, "info": {}}, "trajectory")
    assert [tool.tool for tool in found.tool_calls] == ["./run.sh", "command", "command", "ls"]


def test_a_demonstrations_cost_of_nought_is_no_cost() -> None:
    stats = {"instance_cost": 0, "tokens_sent": 0, "tokens_received": 0}
    found = found_in({**SWE, "info": {"model_stats": stats}}, "trajectory")
    assert found.calls[-1].logged_cost_usd is None


def message(id_: str, order: str) -> dict[str, Any]:
    function = {"name": "cancel", "arguments": f'{{"order": "{order}"}}'}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": id_, "function": function}]}


def test_messages_with_a_reward() -> None:
    run = {
        "task_id": 7,
        "trial": 1,
        "reward": 0.0,
        "traj": [
            {"role": "system", "content": "..."},
            {"role": "user", "content": "cancel it"},
            message("c1", "W1"),
            {"role": "tool", "tool_call_id": "c1", "content": "Error: order not found"},
            message("c2", "W1"),
            {"role": "tool", "tool_call_id": "c2", "content": "done"},
            {"role": "assistant", "content": "It is cancelled."},
        ],
    }
    found = found_in(run, "trajectory")
    assert [call.finish for call in found.calls] == ["tool_calls", "tool_calls", "stop"]
    assert [tool.ok for tool in found.tool_calls] == [False, True]
    assert len({tool.args_hash for tool in found.tool_calls}) == 1
    (session,) = {call.session_id for call in found.calls}
    assert str(session).startswith("7:1:")
    # the same task, run by another model
    other = found_in({**run, "traj": run["traj"][:-1]}, "trajectory")
    assert other.calls[0].session_id != session
    assert found_in(run, "trajectory").calls[0].session_id == session
    assert found.events[0].status == "failed"


def test_an_evaluation_set() -> None:
    turn = {
        "invocation_id": "i-1",
        "creation_timestamp": 1771835731590171,
        "intermediate_data": {
            "tool_uses": [{"name": "list", "args": {"all": "true"}, "id": "c1"}],
            "tool_responses": [{"id": "c1", "response": {"is_error": True, "content": []}}],
        },
    }
    cases = [{"eval_id": "case-1", "conversation": [turn]}]
    found = found_in({"eval_set_id": "set", "eval_cases": cases}, "trajectory")
    (tool,) = found.tool_calls
    assert (tool.tool, tool.ok, tool.session_id) == ("list", False, "case-1")
    assert tool.timestamp == 1_771_835_731_590_171
