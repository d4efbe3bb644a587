"""What of the catalogue a log has the fields for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.pipeline.llm_coverage import CATALOGUE, Told, told_of
from monitoring_pipelines.security.signals import SIGNALS as SECURITY
from tests.llm_logs import write
from tests.pipeline.lab import LATER, Lab
from tests.pipeline.test_llm_source import app, trajectory
from tests.pipeline.test_signals import agent_day, calls

if TYPE_CHECKING:
    from pathlib import Path


def covered(lab: Lab) -> dict[str, Told]:
    return {told.code: told for told in told_of(lab.model, lab.store, LATER)}


def test_a_log_of_a_gateway(tmp_path: Path) -> None:
    for day in range(2):
        calls(tmp_path, day)
    lab = Lab(tmp_path, app(end="2026-01-03"))
    before = covered(lab)
    assert before["LLM-08"].says == "no window was judged yet"
    lab.at_once(lab.day(1))
    found = covered(lab)
    active = {code for code, told in found.items() if told.active}
    assert {"LLM-01", "LLM-02", "LLM-03", "LLM-04", "LLM-06", "LLM-07", "LLM-08"} <= active
    assert not {"LLM-12", "LLM-17", "LLM-18", "LLM-19", "LLM-21"} & active
    assert found["LLM-08"].verdict == "ok"
    assert "error_rate" in found["LLM-08"].says
    assert found["LLM-12"].says == "misses `guardrail_action`"
    assert found["LLM-21"].says == "misses `cache_read_tokens`"
    assert found["LLM-18"].says == "misses `labels` or `scores`"
    assert all(told.says for told in found.values())


def test_an_agent(tmp_path: Path) -> None:
    for day in range(2):
        agent_day(tmp_path, day, 0.0)
    lab = Lab(tmp_path, app("agent", end="2026-01-03"))
    lab.at_once(lab.day(1))
    found = covered(lab)
    assert found["AGT-01"][1:3] == (True, "ok")
    assert found["AGT-11"].active
    assert found["AGT-05"].says == "misses `signals.tools`"


def test_the_catalogue_has_every_signal() -> None:
    assert [entry.code for entry in CATALOGUE[Task.LLM]] == [f"LLM-{n:02}" for n in range(1, 24)]
    # those of AGT-07, 08 and 09 are signals of security
    codes = {entry.code for entry in CATALOGUE[Task.AGENT]} | {*SECURITY}
    assert {f"AGT-{n:02}" for n in range(1, 13)} <= codes
    codes = {entry.code for entries in CATALOGUE.values() for entry in entries}
    assert {metric.code for metric in SIGNALS.values()} <= codes


def test_runs_without_a_time_are_in_no_window(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.jsonl", [trajectory(1, 2)])
    lab = Lab(tmp_path, app("agent", end="2026-01-03"))
    lab.at_once(lab.day(1))
    assert covered(lab)["AGT-01"].says == (
        "the newest window has no row; 3 rows have no readable time and are in no window; put "
        "their files into folders of their day, and name it by `predictions.path_date`"
    )
