"""An application and an agent, from raw logs to verdicts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from monitoring_pipelines.pipeline.llm_coverage import told_of
from monitoring_pipelines.pipeline.llm_source import UNREADABLE
from monitoring_pipelines.pipeline.signals import (
    PROMPT_REGRESSION,
    signals_of,
)
from tests.llm_logs import FIRST, failed, model_span, span, spend, tool_span, write
from tests.pipeline.lab import LATER, Lab
from tests.pipeline.test_llm_source import app

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.domain.result import Result

DAY = timedelta(days=1)
N = 300


def calls(
    tmp_path: Path, day: int, errors: float = 0.01, n: int = N, seed: int = 0, **changes: Any
) -> None:
    """A day of calls that cost 0.0005 US dollars each, in a file of its own."""
    rng = np.random.default_rng([seed, day])
    records = []
    for number in range(n):
        at = day * DAY + float(rng.uniform(0, 86_390)) * timedelta(seconds=1)
        make = failed if rng.uniform() < errors else spend
        records.append(make(day * 100_000 + number, at, **changes))
    write(tmp_path / "logs" / f"{day}.jsonl", records)


def lab(tmp_path: Path, task: str = "llm", **more: Any) -> Lab:
    return Lab(tmp_path, app(task, **more))


def found(lab: Lab, day: int) -> dict[str, Result]:
    """Results of all rows of a day by signal."""
    names = {metric.name for metric in signals_of(lab.config)}
    results = [r for r in lab.results(segment="") if r.window == lab.day(day).utc]
    return {r.metric: r for r in results if r.metric in names}


def test_signals_that_the_log_tells_of_are_judged_and_the_others_are_left_out(
    tmp_path: Path,
) -> None:
    for day in range(2):
        calls(tmp_path, day)
    here = lab(tmp_path)
    here.at_once(here.day(1))
    told = found(here, 1)
    assert {"error_rate", "latency_p95", "cost_per_call", "input_tokens_p95"} <= told.keys()
    assert not {"guardrail_coverage", "cache_use_rate", "ttft_p95"} & told.keys()
    assert {r.verdict.value for r in told.values()} == {"ok"}
    # 100 tokens at 2.50 dollars a million, and 20 at 10; a call that failed cost nothing
    n = told["cost_per_call"].n
    paid = round((1 - (told["error_rate"].value or 0)) * N)
    assert told["cost_total"].value == pytest.approx(paid * (100 * 2.5 + 20 * 10) / 1e6)
    assert paid <= n <= N
    assert (told["latency_p50"].value, told["input_tokens_total"].value) == (1000.0, paid * 100)
    assert told["error_rate"].model_version == "gpt-4o-2024-08-06"


@pytest.mark.parametrize(("task", "said"), [("llm", ["ok"]), ("agent", [])])
def test_ids_of_calls_are_compared_with_those_before_and_of_sessions_not(
    tmp_path: Path, task: str, said: list[str]
) -> None:
    for day in range(3):
        calls(tmp_path, day)
    here = lab(tmp_path, task)
    here.at_once(here.day(1), here.day(2))
    told = [r for r in here.results() if r.metric == "repeated_ids"]
    assert [r.verdict.value for r in told] == said
    assert all((r.value, r.n) == (0.0, N) for r in told)


def test_answers_in_another_form_than_asked_for_warn(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    asked = {"response_format": {"type": "json_schema", "json_schema": {"schema": schema}}}
    for day, bad in ((0, 0), (1, 3), (2, 60)):
        records = []
        for number in range(N):
            text = '{"n": "one"}' if number < bad else '{"n": 1}'
            choice = {"message": {"content": text}, "finish_reason": "stop"}
            at = day * DAY + number * timedelta(minutes=4)
            told = {"response": {"choices": [choice]}, "proxy_server_request": asked}
            records.append(spend(day * 100_000 + number, at, **told))
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = lab(tmp_path, end="2026-01-04")
    here.at_once(here.day(1), here.day(2))
    first, second = (found(here, day)["invalid_output_rate"] for day in (1, 2))
    assert (first.value, first.n, first.verdict.value) == (pytest.approx(3 / N), N, "ok")
    assert (second.value, second.verdict.value) == (pytest.approx(60 / N), "warn")
    told = {one.code: one for one in told_of(here.model, here.store, LATER)}["LLM-13"]
    assert told[1:3] == (True, "warn")
    assert "invalid_output_rate" in told.says


def test_another_script_in_prompts_warns_and_never_pages(tmp_path: Path) -> None:
    for day, russian in ((0, 0.1), (1, 0.1), (2, 0.4)):
        records = []
        for number in range(N):
            text = "Где мой заказ?" if number < russian * N else "Where is it now?"
            at = day * DAY + number * timedelta(minutes=4)
            told = {"messages": [{"role": "user", "content": text}]}
            records.append(spend(day * 100_000 + number, at, **told))
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = lab(tmp_path, end="2026-01-04")
    here.at_once(here.day(1), here.day(2))
    told = [r for r in here.results(column="script") if r.metric == "jensen_shannon"]
    assert [r.verdict.value for r in told] == ["ok", "warn"]
    covered = {one.code: one for one in told_of(here.model, here.store, LATER)}["LLM-20"]
    assert covered[1:3] == (True, "warn")
    assert "script" in covered.says


def test_errors_page_and_what_they_are_of_only_warns(tmp_path: Path) -> None:
    for day, errors in ((0, 0.01), (1, 0.01), (2, 0.15)):
        calls(tmp_path, day, errors)
    here = lab(tmp_path)
    here.at_once(here.day(1), here.day(2))
    assert found(here, 1)["error_rate"].verdict.value == "ok"
    told = found(here, 2)
    assert told["error_rate"].verdict.value == "fail"
    assert "rows" not in told["error_rate"].reason or "labelled" not in told["error_rate"].reason
    assert told["rate_limit_rate"].verdict.value == "warn"
    assert [r.metric for r in told.values() if r.verdict.value == "fail"] == ["error_rate"]


def test_another_signal_pages_if_it_is_chosen(tmp_path: Path) -> None:
    calls(tmp_path, 0)
    calls(tmp_path, 1, completion_tokens=60)
    here = lab(tmp_path, performance={"metric": "output_tokens_p95"})
    here.at_once(here.day(1))
    assert found(here, 1)["output_tokens_p95"].verdict.value == "fail"
    assert found(here, 1)["output_tokens_p50"].verdict.value == "warn"


def test_a_promise_is_kept_whatever_the_reference_was(tmp_path: Path) -> None:
    for day in range(2):
        calls(tmp_path, day, 0.2)
    limits = {"error_rate": 0.1, "cost_total": 0.05, "latency_p95": 1000.0}
    here = lab(tmp_path, signals={"limits": limits})
    here.at_once(here.day(1))
    told = found(here, 1)
    assert {name: told[name].verdict.value for name in limits} == {
        "error_rate": "fail",
        "cost_total": "fail",  # about 240 calls of 0.00045
        "latency_p95": "ok",
    }
    assert "beyond its limit 0.05" in told["cost_total"].reason


def test_a_moving_reference(tmp_path: Path) -> None:
    for day in range(6):
        calls(tmp_path, day, 0.2 if day == 5 else 0.02)
    here = Lab(
        tmp_path,
        app().model_validate(
            app().model_dump(mode="json", exclude={"reference", "labels"}, exclude_none=True)
            | {"reference": {"rolling": 4}, "start": "2026-01-05"}
        ),
    )
    here.at_once(here.day(4), here.day(5))
    assert found(here, 4)["error_rate"].verdict.value == "ok"
    assert found(here, 5)["error_rate"].verdict.value == "fail"


def test_segments_are_judged_apart_and_never_page(tmp_path: Path) -> None:
    for day in range(2):
        records = []
        for number in range(600):
            bad = number % 2 and day == 1 and number % 5 == 1
            make = failed if bad else spend
            at = day * DAY + number * timedelta(minutes=2)
            records.append(make(day * 1000 + number, at, model_group="ab"[number % 2]))
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = lab(tmp_path, segments=["model_requested"])
    here.at_once(here.day(1))
    verdicts = {
        segment: here.one(here.day(1), "error_rate", segment=segment).verdict.value
        for segment in ("", "model_requested=a", "model_requested=b")
    }
    assert verdicts == {"": "fail", "model_requested=a": "ok", "model_requested=b": "warn"}


def test_a_worse_version_of_a_prompt_is_found_in_one_window(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    records = []
    for number in range(800):
        version = 1 + number % 2
        cut = rng.uniform() < (0.25 if version == 2 else 0.02)
        told = {
            "gen_ai.prompt.name": "answer",
            "llm.prompt_template.version": str(version),
            "gen_ai.response.finish_reasons": ["length" if cut else "stop"],
        }
        records.append(
            model_span(f"t{number}", number, DAY + number * timedelta(minutes=1), **told)
        )
    write(tmp_path / "logs" / "1.jsonl", records)
    write(
        tmp_path / "logs" / "0.jsonl",
        [model_span(f"u{n}", n, n * timedelta(minutes=5)) for n in range(200)],
    )
    here = lab(tmp_path)
    here.at_once(here.day(1))
    results = {
        (r.segment, r.column): r
        for r in here.results(metric=PROMPT_REGRESSION)
        if r.verdict.value != "ok"
    }
    assert results.keys() == {("prompt_version=2", "truncation_rate")}
    (worse,) = results.values()
    assert worse.verdict.value == "warn"
    assert "the other versions" in worse.reason
    quiet = lab(tmp_path / "quiet", signals={"prompt_versions": False})
    assert quiet.config.signals.prompt_versions is False


def test_few_calls_and_no_calls_are_unknown(tmp_path: Path) -> None:
    calls(tmp_path, 0)
    calls(tmp_path, 1, n=20)
    here = lab(tmp_path)
    here.at_once(here.day(1), here.day(2))
    assert found(here, 1)["error_rate"].verdict.value == "unknown"
    assert found(here, 2)["error_rate"].verdict.value == "unknown"
    told = found(here, 2)
    assert [*told] == ["error_rate"]
    assert (told["error_rate"].verdict.value, told["error_rate"].reason) == (
        "unknown",
        "no calls in this window",
    )
    assert here.one(here.day(2), "volume").verdict.value == "fail"


def test_a_quantile_that_windows_never_have_the_rows_for_is_left_out(tmp_path: Path) -> None:
    for day in range(2):
        calls(tmp_path, day, n=100)
    here = lab(tmp_path)
    here.at_once(here.day(1))
    told = found(here, 1)
    assert "latency_p95" in told
    assert "latency_p99" not in told  # it needs 200
    asked = lab(tmp_path, signals={"limits": {"latency_p99": 5000}})
    asked.at_once(asked.day(1))
    assert found(asked, 1)["latency_p99"].verdict.value == "ok"


def test_a_call_that_failed_has_no_tokens_and_breaks_no_contract(tmp_path: Path) -> None:
    calls(tmp_path, 0)
    calls(tmp_path, 1, 0.5)
    here = lab(tmp_path)
    here.at_once(here.day(1))
    assert found(here, 1)["error_rate"].verdict.value == "fail"
    assert here.one(here.day(1), "missing_rate", "output_tokens").verdict.value == "ok"
    assert here.one(here.day(1), "volume").value == N


def test_records_that_no_format_reads(tmp_path: Path) -> None:
    calls(tmp_path, 0)
    calls(tmp_path, 1)
    path = tmp_path / "logs" / "1.jsonl"
    path.write_text(path.read_text() + "\n".join(['{"odd": 1}'] * 60) + "\n")
    here = lab(tmp_path)
    here.at_once(here.day(1))
    result = here.one(here.day(1), UNREADABLE)
    assert (result.verdict.value, result.n) == ("fail", N + 60)
    assert result.value == pytest.approx(60 / (N + 60))


def agent_day(tmp_path: Path, day: int, looping: float, n: int = 200) -> None:
    """Tasks of an agent: think, search, answer; some search for the same four times."""
    rng, records = np.random.default_rng([3, day]), []
    for number in range(n):
        trace = f"{day}-{number}"
        at = day * DAY + float(rng.uniform(0, 86_000)) * timedelta(seconds=1)
        loops = rng.uniform() < looping
        told = {"session.id": f"s{trace}"}
        records.append(span(trace, 1, at, **told))
        for step in range(4 if loops else 1):
            arguments = json.dumps({"query": "same" if loops else f"q{step}"})
            more = {"gen_ai.tool.call.arguments": arguments}
            records.append(tool_span(trace, 10 + step, at + step * timedelta(seconds=2), 1, **more))
        end = {"gen_ai.response.finish_reasons": ["stop"]}
        records.append(model_span(trace, 99, at + 20 * timedelta(seconds=1), 1, **end))
    write(tmp_path / "logs" / f"{day}.jsonl", records)


def test_loops_of_an_agent_page(tmp_path: Path) -> None:
    for day, looping in ((0, 0.0), (1, 0.0), (2, 0.2)):
        agent_day(tmp_path, day, looping)
    here = lab(tmp_path, "agent", signals={"tools": ["search"]})
    here.at_once(here.day(1), here.day(2))
    quiet, loud = found(here, 1), found(here, 2)
    assert {r.verdict.value for r in quiet.values()} == {"ok"}
    assert (loud["failed_task_rate"].verdict.value, loud["loop_rate"].verdict.value) == (
        "fail",
        "warn",
    )
    assert loud["loop_rate"].value == loud["failed_task_rate"].value
    assert loud["other_tool_rate"].value == 0.0
    assert (loud["steps_p95"].value, loud["tool_calls_p95"].value) == (1.0, 4.0)


def test_one_task_with_a_tool_that_is_not_on_the_list_pages(tmp_path: Path) -> None:
    for day in range(2):
        agent_day(tmp_path, day, 0.0)
    path = tmp_path / "logs" / "1.jsonl"
    wipe = tool_span("1-7", 50, DAY, 1, **{"gen_ai.tool.name": "wipe"})
    path.write_text(path.read_text() + json.dumps(wipe) + "\n")
    here = lab(tmp_path, "agent", signals={"tools": ["search"]})
    here.at_once(here.day(1))
    told = found(here, 1)["other_tool_rate"]
    assert (told.verdict.value, told.value) == ("fail", 1 / 200)


def test_the_tool_that_fails_is_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for day in range(2):
        records = []
        for number in range(120):
            at = day * DAY + number * timedelta(minutes=10)
            for step, name in enumerate(("search", "mail")):
                fails = name == "mail" and day == 1 and rng.uniform() < 0.3
                told = tool_span(f"{day}-{number}", step, at, **{"gen_ai.tool.name": name})
                told["status"] = {"code": "ERROR" if fails else "OK"}
                records.append(told)
            records.append(model_span(f"{day}-{number}", 9, at))
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = lab(tmp_path, "agent")
    here.at_once(here.day(1))
    verdicts = {r.column: r.verdict.value for r in here.results(metric="tool_failure_rate")}
    assert verdicts == {"search": "ok", "mail": "warn"}


def test_each_category_that_a_guardrail_sees(tmp_path: Path) -> None:
    def guarded(number: int, at: timedelta, seen: bool) -> dict[str, Any]:
        status = "guardrail_intervened" if seen else "success"
        told = {"guardrail_status": status, "guardrail_name": "g"}
        return spend(number, at, metadata=json.dumps({"guardrail_information": [told]}))

    for day in range(2):
        records = [
            guarded(day * 1000 + n, day * DAY + n * timedelta(minutes=5), n % 4 == 0 and day == 1)
            for n in range(200)
        ]
        write(tmp_path / "logs" / f"{day}.jsonl", records)
    here = lab(tmp_path)
    here.at_once(here.day(1))
    assert found(here, 1)["guardrail_rate"].verdict.value == "warn"
    assert found(here, 1)["guardrail_coverage"].verdict.value == "ok"
    categories = {r.column: r for r in here.results(metric="guardrail_category_rate")}
    assert {name: r.verdict.value for name, r in categories.items()} == {"guardrail": "warn"}
    assert (categories["guardrail"].value, categories["guardrail"].reference_value) == (0.25, 0.0)


def scored_day(
    tmp_path: Path, day: int, scores: dict[str, float], share: float = 1.0, judge: str = "v1"
) -> None:
    """Traces of Langfuse with one answer each; a score is 1 with the given probability."""
    rng = np.random.default_rng([5, day])
    records = []
    for number in range(N):
        trace, at = f"{day}-{number}", (FIRST + day * DAY + timedelta(minutes=number)).isoformat()
        given = [
            {
                "id": f"{trace}-{name}",
                "traceId": trace,
                "name": name,
                "source": "EVAL",
                "value": float(rng.uniform() < p),
                "timestamp": at,
                "metadata": json.dumps({"job_configuration_id": judge}),
            }
            for name, p in scores.items()
            if rng.uniform() < share
        ]
        call = {"id": "o", "type": "GENERATION", "traceId": trace, "startTime": at, "endTime": at}
        told = {"id": trace, "timestamp": at, "scores": given}
        records.append({"trace": told, "observations": [call]})
    write(tmp_path / "logs" / f"{day}.jsonl", records)


def test_scores_in_the_log_their_coverage_and_their_judge(tmp_path: Path) -> None:
    usual = {"correct": 0.9, "toxicity": 0.02}
    scored_day(tmp_path, 0, usual)
    scored_day(tmp_path, 1, usual)
    scored_day(tmp_path, 2, {"correct": 0.6, "toxicity": 0.3})
    scored_day(tmp_path, 3, {"correct": 1.0, "toxicity": 0.0}, share=0.5, judge="v2")
    scored_day(tmp_path, 4, {})
    here = lab(tmp_path)
    here.at_once(*(here.day(n) for n in range(1, 5)))

    def told(day: int) -> dict[tuple[str, str], tuple[str, int]]:
        return {
            (r.metric, r.column): (r.verdict.value, r.n)
            for r in here.results(segment="")
            if r.window == here.day(day).utc
            and r.metric in {"score", "score_coverage", "judge_share"}
        }

    names = ("correct", "toxicity")
    assert told(1) == {
        **{("score", name): ("ok", N) for name in names},
        **{("score_coverage", name): ("ok", N) for name in names},
        **{("judge_share", f"{name}: EVAL v1"): ("ok", N) for name in names},
    }
    assert [told(2)["score", name][0] for name in names] == ["warn", "warn"]
    # better scores by a new judge of half of the answers: only that is worth a word
    assert [told(3)["score", name][0] for name in names] == ["ok", "ok"]
    assert [told(3)["score_coverage", name][0] for name in names] == ["warn", "warn"]
    assert [told(3)["judge_share", f"{name}: EVAL v2"][0] for name in names] == ["warn", "warn"]
    # none at all: the means are unknown, and nothing is covered
    assert [told(4)["score", name] for name in names] == [("unknown", 0)] * 2
    assert [told(4)["score_coverage", name] for name in names] == [("warn", N)] * 2


def test_with_no_change_signals_seldom_warn(tmp_path: Path) -> None:
    """At most the budget: here one window in about 91 may have a false warning by the two parts."""
    for day in range(12):
        calls(tmp_path, day, 0.05, n=200, seed=11)
    here = lab(tmp_path)
    here.at_once(*(here.day(day) for day in range(1, 12)))
    verdicts = [r.verdict.value for day in range(1, 12) for r in found(here, day).values()]
    # 2 / 91 a window, 11 windows: more than two have a probability below 0.002
    assert verdicts.count("warn") + verdicts.count("fail") <= 2
    assert verdicts.count("ok") > 100
