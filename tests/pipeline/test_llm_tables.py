"""Recorded logs of LLM and agent calls, read whole and compared with a count by hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from pyarrow import parquet

from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.llm import FORMATS
from monitoring_pipelines.pipeline.llm_tables import LlmTables, read_llm_logs, read_plain_table
from tests.golden.public_data import columns as columns_of
from tests.golden.public_data import folder
from tests.llm_records import HASHES, recorded
from tests.logs.llm.test_azure import gateway, row
from tests.logs.llm.test_openai_chat import completion
from tests.pipeline.lab import FIRST, Lab, declared

ROOT = Path(__file__).parents[2]
LOGS, TRACES = "llm_logs", "llm_otel_traces/traces"
AZURE, BEDROCK = f"{LOGS}/azure/openllmetry-test", f"{LOGS}/bedrock"
OPENAI, AGENTS = f"{LOGS}/openai", f"{LOGS}/bedrock_agents/openinference-test"
NOVA = f"{BEDROCK}/openllmetry-test_nova_converse.http.jsonl"

# (calls of models, tokens of prompts, tokens of answers, tools asked for, tools run), counted in
# the files by hand; the terms are the calls one by one
COUNTED: dict[str, tuple[int, int, int, int, int]] = {
    f"{AZURE}_chat.http.jsonl": (5, 15 + 4 * 16, 24 + 22 + 30 + 35 + 35, 0, 0),
    # the first was filtered and is billed
    f"{AZURE}_chat_content_filtering.http.jsonl": (4, 15 + 3 * 16, 19 + 24 + 19 + 21, 0, 0),
    # one answer and three times a deployment that is not there
    f"{AZURE}_chat_reasoning.http.jsonl": (4, 11, 203, 0, 0),
    # the first prompt was refused
    f"{AZURE}_prompt_content_filtering.http.jsonl": (4, 3 * 16, 19 + 35 + 23, 0, 0),
    # guardrails by themselves are no calls of models
    f"{BEDROCK}/openinference-test_apply_guardrails.http.jsonl": (0, 0, 0, 0, 0),
    f"{BEDROCK}/openinference-test_guardrail_intervention.http.jsonl": (0, 0, 0, 0, 0),
    f"{BEDROCK}/openinference-test_converse_tool_use_message.http.jsonl": (1, 90, 14, 1, 0),
    f"{BEDROCK}/openllmetry-test_guardrail_converse.http.jsonl": (1, 17, 17, 0, 0),
    f"{BEDROCK}/openllmetry-test_guardrail_invoke.http.jsonl": (1, 28, 197, 0, 0),
    NOVA: (1, 54, 18, 0, 0),
    # 4 new tokens each time; 18,131 went into the cache and then came out of it
    f"{BEDROCK}/openllmetry-test_prompt_cache.http.jsonl": (2, 2 * (4 + 18_131), 100, 0, 0),
    # rule tests: no tokens but totals that nobody knows the parts of
    f"{BEDROCK}/panther-bedrock-invocation-tests.jsonl": (6, 0, 0, 0, 0),
    f"{AGENTS}_multi_agent_collaborator.jsonl": (
        9,
        922 + 1055 + 449 + 739 + 1030 + 1320 + 1610 + 1275 + 1156,
        144 + 167 + 132 + 148 + 152 + 201 + 238 + 131 + 45,
        0,
        2,
    ),
    f"{AGENTS}_streaming_with_guardrails.jsonl": (1, 896, 165, 0, 0),
    f"{AGENTS}_tool_calls_with_input_params.jsonl": (2, 728 + 915, 165 + 56, 0, 1),
    f"{OPENAI}/groq-batch_output-chat.jsonl": (3, 55 + 75 + 48, 76 + 2003 + 12, 0, 0),
    f"{OPENAI}/openllmetry-TestResponsesAPIFinishReasons."
    "test_responses_api_stop_finish_reason.http.jsonl": (1, 13, 3, 0, 0),
    f"{OPENAI}/openllmetry-TestResponsesAPIFinishReasons."
    "test_responses_api_tool_call_finish_reason.http.jsonl": (1, 58, 6, 1, 0),
    f"{OPENAI}/openllmetry-test_open_ai_function_calls_tools_parallel.http.jsonl": (
        2,
        70 + 70,
        46 + 46,
        2 + 2,
        0,
    ),
    f"{OPENAI}/openllmetry-test_parsed_refused_completion.http.jsonl": (3, 3 * 65, 3 * 13, 0, 0),
    f"{OPENAI}/openllmetry-test_responses_reasoning.http.jsonl": (2, 11 + 11, 327 + 131, 0, 0),
    f"{OPENAI}/openllmetry-test_responses_tool_calls.http.jsonl": (2, 58 + 59, 44 + 45, 2 + 2, 0),
    f"{OPENAI}/panther-openai-audit-tests.jsonl": (0, 0, 0, 0, 0),
    f"{LOGS}/otel/tokenomics-otlp_traces.json": (2, 10_000 + 93_200, 500 + 800, 0, 0),
    # each call stands on 2 spans, in the last file on 3
    f"{TRACES}/agentevals__helm.json": (2, 1820 + 1956, 13 + 117, 1, 1),
    f"{TRACES}/agentevals__k8s.json": (1, 2203, 139, 0, 0),
    f"{TRACES}/agentevals__tempo_export_with_batches.json": (2, 2256 + 2392, 13 + 116, 1, 1),
    f"{TRACES}/agentevals__evalset_helm_3_2026-02-23.json": (0, 0, 0, 0, 1),
    f"{TRACES}/langfuse__autogen-2025-06-06.trace.json": (1, 41, 3, 0, 0),
    f"{TRACES}/langfuse__claude-agent-2025-12-22.trace.json": (
        4,
        5 + 5 + 5 + 19,
        94 + 56 + 53 + 29,
        2,
        2,
    ),
    f"{TRACES}/langfuse__crewai-2025-07-11.trace.json": (1, 190, 164, 0, 0),
    f"{TRACES}/langfuse__google-adk-2025-08-28.trace.json": (2, 39 + 28, 6 + 3, 1, 1),
    f"{TRACES}/langfuse__langgraph-python-2025-08-22.trace.json": (2, 60 + 108, 15 + 51, 1, 0),
    f"{TRACES}/langfuse__llamaindex-2025-06-05.trace.json": (1, 13, 81, 0, 0),
    # the agent above claims 44 and 180, its two calls have these
    f"{TRACES}/langfuse__microsoft-agent-2025-12-17.trace.json": (2, 77 + 216, 86 + 20, 1, 1),
    f"{TRACES}/langfuse__openai-agents-2025-09-30.trace.json": (2, 85 + 55, 29 + 15, 1, 1),
    f"{TRACES}/langfuse__pydantic-ai-tools-2025-06-06.trace.json": (1, 31, 96, 0, 0),
    # generateText claims 14 and 43, doGenerate below it has these
    f"{TRACES}/langfuse__vercel-aisdk-2025-11-17.trace.json": (1, 62, 85, 1, 1),
}


def read(path: Path, tmp_path: Path) -> LlmTables:
    return read_llm_logs(find_files(str(path), path.parent), tmp_path, HASHES)


def rows(table: Path, columns: str, where: str = "true", order: str = "ALL") -> list[Any]:
    query = f"SELECT {columns} FROM read_parquet('{table}') WHERE {where} ORDER BY {order}"
    return duckdb.connect().execute(query).fetchall()


def test_every_recorded_file_was_counted() -> None:
    data = folder()
    assert {str(path.relative_to(data)) for path in recorded()} <= COUNTED.keys()


@pytest.mark.parametrize("name", COUNTED, ids=lambda name: name.rsplit("/", 1)[-1])
def test_a_recorded_file_agrees_with_the_count_by_hand(name: str, tmp_path: Path) -> None:
    tables = read(folder() / name, tmp_path)
    assert (tables.report.quarantined, tables.overclaimed) == (0, 0)
    sums = "count(*), coalesce(sum(input_tokens), 0)::INT, coalesce(sum(output_tokens), 0)::INT"
    calls = rows(tables.calls, sums, "operation <> 'guardrail'")[0]
    tools = rows(
        tables.tools, "count(*) FILTER (NOT executed)::INT, count(*) FILTER (executed)::INT"
    )[0]
    assert (*calls, *tools) == COUNTED[name]


@pytest.mark.parametrize(
    ("name", "finishes"),
    [
        (f"{AZURE}_chat_content_filtering.http.jsonl", {"content_filter": 1, "stop": 3}),
        (f"{AZURE}_prompt_content_filtering.http.jsonl", {"content_filter": 1, "stop": 3}),
        (f"{AZURE}_chat_reasoning.http.jsonl", {"stop": 1, "error": 3}),
        (f"{OPENAI}/openllmetry-test_parsed_refused_completion.http.jsonl", {"refusal": 3}),
        (f"{OPENAI}/openllmetry-test_responses_tool_calls.http.jsonl", {"tool_calls": 2}),
        (f"{BEDROCK}/openllmetry-test_prompt_cache.http.jsonl", {"length": 2}),
        (NOVA, {"guardrail": 1}),
        (f"{TRACES}/agentevals__helm.json", {"tool_calls": 1, "stop": 1}),
    ],
    ids=lambda value: str(value).rsplit("/", 1)[-1],
)
def test_finish_reasons(name: str, finishes: dict[str, int], tmp_path: Path) -> None:
    tables = read(folder() / name, tmp_path)
    found = rows(tables.calls, "finish, count(*)::INT", "true GROUP BY finish")
    assert dict(found) == finishes


@pytest.mark.parametrize(
    ("name", "dollars_per_million"),
    [
        # gpt-4o: 2.50 and 10.00
        (
            f"{OPENAI}/openllmetry-test_parsed_refused_completion.http.jsonl",
            3 * (65 * 2.5 + 13 * 10),
        ),
        # Claude 3.5 Haiku: 0.80, into the cache 1.00, from it 0.08, answers 4.00
        (
            f"{BEDROCK}/openllmetry-test_prompt_cache.http.jsonl",
            2 * (4 * 0.8 + 50 * 4) + 18_131 * 1.0 + 18_131 * 0.08,
        ),
        # gpt-4.1-mini: 0.40, from the cache 0.10, answers 1.60
        (f"{TRACES}/agentevals__k8s.json", (2203 - 1792) * 0.4 + 1792 * 0.1 + 139 * 1.6),
        # gpt-4o with 8,000 of 10,000 from the cache at 1.25; Claude Sonnet 4.5: 3, 0.30, 3.75, 15
        (
            f"{LOGS}/otel/tokenomics-otlp_traces.json",
            (2000 * 2.5 + 8000 * 1.25 + 500 * 10)
            + (1200 * 3 + 90_000 * 0.3 + 2000 * 3.75 + 800 * 15),
        ),
    ],
    ids=lambda value: str(value).rsplit("/", 1)[-1],
)
def test_costs_by_the_list_prices(name: str, dollars_per_million: float, tmp_path: Path) -> None:
    tables = read(folder() / name, tmp_path)
    ((cost,),) = rows(tables.calls, "sum(cost_usd)")
    assert cost == pytest.approx(dollars_per_million / 1e6, rel=1e-9)


def test_a_model_that_the_table_lacks_is_unpriced_and_never_nought(tmp_path: Path) -> None:
    tables = read(folder() / f"{OPENAI}/groq-batch_output-chat.jsonl", tmp_path)
    assert rows(tables.calls, "DISTINCT price_status, cost_usd") == [("unpriced", None)]


@pytest.mark.parametrize(
    ("name", "action", "categories"),
    [
        # stopped by the guardrail though it only masked
        (NOVA, "masked", "pii_address pii_regex"),
        (f"{BEDROCK}/openllmetry-test_guardrail_invoke.http.jsonl", "masked", "pii_regex"),
        (f"{BEDROCK}/openinference-test_apply_guardrails.http.jsonl", "blocked", "pii_email topic"),
        (
            f"{BEDROCK}/openinference-test_guardrail_intervention.http.jsonl",
            "blocked",
            "prompt_attack",
        ),
    ],
    ids=lambda value: str(value).rsplit("/", 1)[-1],
)
def test_guardrails(name: str, action: str, categories: str, tmp_path: Path) -> None:
    tables = read(folder() / name, tmp_path)
    assert rows(tables.calls, "guardrail_action, guardrail_categories") == [(action, categories)]


def test_answers_in_the_form_that_was_asked_for(tmp_path: Path) -> None:
    # by hand: of all recorded files one asks for a form, three times, and each time is refused
    name = f"{OPENAI}/openllmetry-test_parsed_refused_completion.http.jsonl"
    told = "finish, output_valid, notes"
    assert (
        rows(read(folder() / name, tmp_path / "all").calls, told) == [("refusal", None, None)] * 3
    )
    records = [json.loads(line) for line in (folder() / name).read_text("utf-8").splitlines()]
    # its schema: an integer and a text, both of them and nothing else
    answers = ('{"rating": 8, "joke": "x"}', '{"rating": 8.5, "joke": "x"}', '{"rating": 8}')
    for record, answer in zip(records, answers, strict=True):
        (choice,) = record["response"]["body"]["choices"]
        choice["message"] = {"role": "assistant", "content": answer}
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records))
    tables = read(tmp_path / "a.jsonl", tmp_path / "answered")
    found = rows(tables.calls, "output_valid, notes", order="source_offset")
    assert found == [(True, None), (False, None), (False, None)]


def test_what_a_guardrail_masked_is_in_no_table(tmp_path: Path) -> None:
    # the account number stands three times in the log: in the match, and in two texts
    assert b"1234561666" in (folder() / NOVA).read_bytes()
    tables = read(folder() / NOVA, tmp_path)
    for table in (tables.calls, tables.tools, tables.events, tables.tasks):
        assert "1234561666" not in str(rows(table, "*"))


def test_every_column_of_calls_and_tasks_is_documented(tmp_path: Path) -> None:
    tables = read(folder() / NOVA, tmp_path)
    text = (ROOT / "docs" / "llm-logs.md").read_text(encoding="utf-8")
    for table in (tables.calls, tables.tasks):
        schema = parquet.read_schema(table)
        assert [name for name in schema.names if f"`{name}`" not in text] == []
    assert [name for name in FORMATS if f"`{name}`" not in text] == []


def test_tasks_of_agents(tmp_path: Path) -> None:
    name = f"{AGENTS}_multi_agent_collaborator.jsonl"
    tables = read(folder() / name, tmp_path)
    found = rows(tables.tasks, "steps, tool_calls, is_loop, input_tokens", order="input_tokens")
    # the supervisor calls its collaborator, which calls another: 3 of 9 calls are the supervisor's
    assert sum(row[0] for row in found) == 9
    assert sum(row[3] for row in found) == COUNTED[name][1]
    assert [row[1] for row in found] == [1, 1]
    # its collaborators have a session of their own: the chain of callers is three long there
    deep = rows(tables.tasks, "delegation_depth, fan_out", order="1")
    assert deep == [(1, 0), (3, 1)]


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("agentevals__helm.json", 1),
        ("agentevals__k8s.json", 1),
        # an agent below a span of the same name is itself
        ("agentevals__tempo_export_with_batches.json", 1),
        ("langfuse__google-adk-2025-08-28.trace.json", 1),
        ("langfuse__microsoft-agent-2025-12-17.trace.json", 1),
        # "Agent workflow" above "Hello world": Langfuse calls both an agent
        ("langfuse__openai-agents-2025-09-30.trace.json", 2),
        ("langfuse__crewai-2025-07-11.trace.json", None),
    ],
)
def test_how_deep_recorded_agents_call_one_another(
    name: str, depth: int | None, tmp_path: Path
) -> None:
    # counted by hand from the names of the spans above each call
    tables = read(folder() / "llm_otel_traces" / "traces" / name, tmp_path)
    found = {deepest for deepest, _ in rows(tables.tasks, "delegation_depth, fan_out", order="1")}
    assert max((one or 0 for one in found), default=0) == (depth or 0)


def test_no_recorded_trace_of_an_agent_is_a_loop(tmp_path: Path) -> None:
    # looked through by hand: 5 tools at most in a trace, and no answer twice
    names = [*folder().glob("llm_otel_traces/traces/*.json"), *folder().glob(f"{AGENTS}*.jsonl")]
    for number, path in enumerate(sorted(names)):
        tables = read(path, tmp_path / str(number))
        assert {row[0] for row in rows(tables.tasks, "is_loop")} == {False}
    assert len(names) == 17


def test_a_table_of_tool_calling_requests_comes_out_exactly(tmp_path: Path) -> None:
    source = folder() / "llm_bfcl" / "calls.parquet"
    names = {
        "model": "model",
        "timestamp": "date",
        "input_tokens": "input_token_count",
        "output_tokens": "output_token_count",
        "latency_s": "latency",
        "error_class": "error_type",
    }
    tables = read_plain_table(find_files(str(source), source.parent), tmp_path, names)
    table = rows(
        tables.calls,
        "model, category, count(*), avg(valid::INT), count(error_class) / count(*), "
        "median(latency_ms), sum(input_tokens)::BIGINT, sum(output_tokens)::BIGINT",
        "true GROUP BY model, category",
        "model, category",
    )
    assert [row[:2] for row in table] == sorted({row[:2] for row in table})
    expected = by_hand(columns_of("llm_bfcl/calls.parquet"))
    assert len(table) == len(expected) > 100
    for model, category, n, accuracy, errors, latency, given, answered in table:
        truth = expected[model, category]
        assert (n, given, answered) == truth[:3]
        assert accuracy == pytest.approx(truth[3], nan_ok=True) or (
            accuracy is None and truth[3] is None
        )
        assert errors == pytest.approx(truth[4])
        assert latency == pytest.approx(truth[5])


def by_hand(columns: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The same numbers by loops over the columns, as numpy reads them."""
    import numpy as np

    groups: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(zip(columns["model"], columns["category"], strict=True)):
        groups.setdefault(key, []).append(at)
    found = {}
    for key, where in groups.items():
        given = columns["input_token_count"][where]
        answered = columns["output_token_count"][where]
        valid = [columns["valid"][at] for at in where if columns["valid"][at] is not None]
        errors = [isinstance(columns["error_type"][at], str) for at in where]
        latency = columns["latency"][where]
        # a count that is no whole number of tokens (none here) would be missing
        found[key] = (
            len(where),
            int(np.nansum(given)) if not np.isnan(given).all() else None,
            int(np.nansum(answered)) if not np.isnan(answered).all() else None,
            sum(valid) / len(valid) if valid else None,
            sum(errors) / len(where),
            float(np.nanmedian(latency)) * 1000,
        )
    return found


def test_runs_of_a_coding_agent(tmp_path: Path) -> None:
    runs, steps = (columns_of(f"llm_swe_agent/{name}.parquet") for name in ("runs", "steps"))
    expected = []
    for at, name in enumerate(runs["file"]):
        where = [i for i, file in enumerate(steps["file"]) if file == name]
        actions = [str(steps["action"][i] or "").strip() for i in where]
        taken = [action for action in actions if action]
        keys = ("action", "observation", "response", "thought")
        trajectory = [{key: steps[key][i] for key in keys} for i in where]
        document = {"trajectory": trajectory, "info": json.loads(runs["info_json"][at])}
        (tmp_path / f"{at}.jsonl").write_text(json.dumps(document))
        most = max((taken.count(action) for action in taken), default=0)
        names = {action.split()[0] for action in taken}
        said = [text for i in where if len(text := str(steps["response"][i] or "")) >= 100]
        same = max((said.count(text) for text in said), default=None)
        loops = most >= 3 or (same or 0) >= 3
        expected.append((len(where), len(taken), len(names), most, same, loops))
    files = find_files(str(tmp_path / "*.jsonl"), tmp_path)
    tables = read_llm_logs(files, tmp_path / "out", HASHES)
    assert tables.report.formats == {"trajectory": 22}
    found = rows(tables.tasks, "steps, tool_calls, tools, repeats, same_answers, is_loop")
    assert sum(row[0] for row in found) == 227
    # of 22 runs 2 loop, by what they did; none gave a long answer thrice
    assert [sum(row[-1] for row in found), max(row[4] or 0 for row in found)] == [2, 1]
    # a run that was recorded twice is one
    assert set(found) == set(expected)


def answers(tmp_path: Path, *, longer: float) -> None:
    """Four days of 200 completions; the prompts of the last day are `longer`."""
    rng = random.Random(3)
    start = int(FIRST.timestamp())
    lines = []
    for at in range(800):
        n = int(rng.gauss(1000, 100) * (longer if at >= 600 else 1))
        usage = {"prompt_tokens": n, "completion_tokens": int(rng.gauss(200, 20))}
        record = completion(id=f"c-{at}", created=start + at * 432, usage=usage)
        lines.append(json.dumps(record))
    (tmp_path / "log.jsonl").write_text("\n".join(lines))


@pytest.mark.parametrize(("longer", "verdict"), [(1.0, {"ok"}), (1.5, {"warn", "fail"})])
def test_a_model_monitors_the_table_of_calls(
    longer: float, verdict: set[str], tmp_path: Path
) -> None:
    answers(tmp_path, longer=longer)
    tables = read(tmp_path / "log.jsonl", tmp_path)
    assert tables.judgement.verdict.value == "ok"
    names = {"id": "id", "timestamp": "timestamp", "prediction": "output_tokens"}
    config = declared(
        task="regression",
        labels=None,
        predictions={"location": "llm_calls.parquet", "columns": names},
        features={"include": ["input_tokens", "cost_usd", "finish"]},
    )
    lab = Lab(tmp_path, config)
    lab.at_once(lab.day(3))
    found = {
        (result.metric, result.column): result.verdict.value
        for result in lab.results()
        if result.window == lab.day(3).utc
    }
    assert found["volume", ""] == "ok"
    for column in ("input_tokens", "cost_usd"):
        assert found["jensen_shannon", column] in verdict
    assert found["jensen_shannon", "finish"] == "ok"


def test_times_of_a_plain_table_without_a_zone_are_of_the_given_one(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("when,toks\n2026-01-01 00:30:00,5\nnever,7\n")
    names = {"timestamp": "when", "input_tokens": "toks"}
    files = find_files(str(tmp_path / "calls.csv"), tmp_path)
    tables = read_plain_table(files, tmp_path / "out", names, ZoneInfo("Europe/Berlin"))
    # half past midnight in Berlin is half past eleven of the day before
    half_past_eleven = 1_767_225_600 - 1800
    found = rows(tables.calls, "epoch(timestamp), input_tokens", order="input_tokens")
    assert found == [(half_past_eleven, 5), (None, 7)]


def test_a_request_that_the_gateway_and_its_rows_tell_of_is_one_call(tmp_path: Path) -> None:
    records = [gateway(backendResponseBody=None), row(0), row(1)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(record) for record in records))
    tables = read(tmp_path / "a.jsonl", tmp_path)
    columns = "id, input_tokens, output_tokens, latency_ms, http_status, model"
    assert rows(tables.calls, columns) == [("c-1", 100, 20, 900.0, 200, "gpt-4o")]
