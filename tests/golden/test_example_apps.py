"""The two example applications, against counts of their files by plain loops."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from tests.pipeline.lab import LATER, Lab

ROOT = Path(__file__).parents[2]


def example(name: str, tmp_path: Path) -> Lab:
    """An example with its own database; its log is read where it lies."""
    declared = yaml.safe_load((ROOT / "assets" / name / "defs.yaml").read_text(encoding="utf-8"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    return Lab(tmp_path, ModelConfig.model_validate(declared["attributes"]))


def records(name: str, day: str) -> list[Any]:
    text = gzip.decompress((ROOT / "data" / name / f"{day}.jsonl.gz").read_bytes())
    return [json.loads(line) for line in text.splitlines()]


def run(lab: Lab, days: range) -> dict[tuple[str, str], Any]:
    """Results of all rows by day of the month and metric."""
    windows = [w for w in lab.model.windows(None, None, LATER) if w.start.day in days]
    model = Model(lab.config, lab.root, lab.root)
    with Monitor.open(model, lab.store, now=LATER, run_id="r") as monitor:
        for window in windows:
            monitor.at_once(window)
    results = lab.results(segment="", column="")
    return {(str(r.window.start.date()), r.metric): r for r in results}


def test_calls_of_the_application(tmp_path: Path) -> None:
    found = run(example("support_app", tmp_path), range(17, 19))
    for day, verdict in (("2026-03-17", "ok"), ("2026-03-18", "fail")):
        failed, tokens, durations = 0, 0, []
        for record in records("support_app", day):
            for span in record["resourceSpans"][0]["scopeSpans"][0]["spans"]:
                told = {one["key"]: one["value"] for one in span["attributes"]}
                if "gen_ai.operation.name" not in told:
                    continue  # the request above the call
                failed += span["status"] == {"code": 2}
                tokens += int(told.get("gen_ai.usage.input_tokens", {}).get("intValue", 0))
                took = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
                durations.append(took / 1e6)
        n = len(durations)
        assert n > 200
        assert found[day, "volume"].value == n
        assert found[day, "error_rate"].value == pytest.approx(failed / n)
        assert found[day, "error_rate"].verdict.value == verdict
        assert found[day, "input_tokens_total"].value == tokens
        middle = sorted(durations)[(n - 1) // 2 : n // 2 + 1]
        # times are kept to a microsecond
        assert found[day, "latency_p50"].value == pytest.approx(sum(middle) / len(middle), abs=2e-3)
        assert found[day, "unreadable_records"].value == 0.0


def test_tasks_of_the_agent(tmp_path: Path) -> None:
    found = run(example("research_agent", tmp_path), range(12, 14))
    for day, verdict in (("2026-03-12", "ok"), ("2026-03-13", "fail")):
        tools: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        steps: Counter[str] = Counter()
        errors = set()
        for span in records("research_agent", day):
            told = span["attributes"]
            session = told["gen_ai.conversation.id"]
            steps[session] += told["gen_ai.operation.name"] == "chat"
            if told["gen_ai.operation.name"] == "execute_tool":
                call = told["gen_ai.tool.name"], told["gen_ai.tool.call.arguments"]
                tools[session][call] += 1
                if span["status"]["code"] == "ERROR":
                    errors.add(session)
        loops = sum(max(calls.values()) >= 3 for calls in tools.values())
        assert found[day, "volume"].value == len(steps)
        assert found[day, "loop_rate"].value == pytest.approx(loops / len(steps))
        assert found[day, "tool_error_rate"].value == pytest.approx(len(errors) / len(tools))
        assert found[day, "failed_task_rate"].verdict.value == verdict
        assert found[day, "other_tool_rate"].value == 0.0
