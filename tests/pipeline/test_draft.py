from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.errors import EmptySampleError, SourceNotFoundError, TimestampError
from monitoring_pipelines.logs.llm import pieces
from monitoring_pipelines.pipeline.draft import draft
from tests.pipeline.lab import Lab
from tests.pipeline.test_signals import agent_day, calls

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.draft import Draft

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)


def write(path: Path, n: int, length: timedelta, **more: Any) -> None:
    at = [START + length * i / n for i in range(n)]
    rng = np.random.default_rng(0)
    pq.write_table(pa.table({"ts": at, "score": rng.random(n), **more}), path)


def drafted(root: Path, labels: str | None = None, now: datetime = NOW) -> Draft:
    return draft("log.parquet", labels, None, root, now)


def attributes(made: Draft) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(made.yaml)["attributes"]
    return found


@pytest.mark.parametrize(
    ("n", "length", "window"),
    [
        (100_000, 7 * DAY, "hour"),
        (100_000, 60 * DAY, "day"),
        (4_000, 60 * DAY, "week"),
        (600, 300 * DAY, "month"),
        (30, timedelta(hours=2), "hour"),
    ],
)
def test_windows_are_as_short_as_the_rows_allow(
    tmp_path: Path, n: int, length: timedelta, window: str
) -> None:
    write(tmp_path / "log.parquet", n, length)
    assert attributes(drafted(tmp_path))["window"] == window


def test_the_reference_is_the_first_quarter_in_whole_windows(tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", 40_000, 40 * DAY)
    found = attributes(drafted(tmp_path))
    assert found["reference"] == {"start": "2026-03-02", "end": "2026-03-11"}
    assert found["end"] == "2026-04-11"
    assert "end" not in attributes(drafted(tmp_path, now=START + 41 * DAY))  # it still grows


def test_maturity_is_when_the_labels_had_come(tmp_path: Path) -> None:
    n = 2_000
    write(tmp_path / "log.parquet", n, 40 * DAY, id=range(n))
    came = [START + 40 * DAY * i / n + timedelta(days=10) for i in range(n)]
    truth = pa.table({"id": range(n), "repaid": [i % 2 for i in range(n)], "known_at": came})
    pq.write_table(truth, tmp_path / "labels.parquet")
    found = attributes(drafted(tmp_path, "labels.parquet"))
    assert found["labels"] == {
        "location": "labels.parquet",
        "columns": {"label": "repaid", "available_at": "known_at"},
        "maturity": "10d",
    }
    assert found["name"] == "log"


@pytest.mark.parametrize("name", ["yes", "a: b # c", 'say "no"', "näme\nzwei", "{x}", "1", "null"])
def test_names_of_columns_are_written_so_that_they_are_read_back(tmp_path: Path, name: str) -> None:
    truth = pa.array([i % 2 for i in range(1_000)])
    write(tmp_path / "log.parquet", 1_000, 10 * DAY, **{f"{name} label": truth, name: truth})
    made = drafted(tmp_path)
    assert attributes(made)["labels"]["columns"]["label"] == f"{name} label"
    assert ModelConfig.model_validate(attributes(made)).labels is not None


def test_each_assumption_is_told_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", 1_000, 10 * DAY)
    made = drafted(tmp_path)
    told = {what: because for what, _, because in made.assumed}
    assert told["predictions: timestamp"] == "the only time"
    assert all(f"# {because}" in made.yaml for because in told.values())


def test_a_log_without_rows(tmp_path: Path) -> None:
    empty = {"ts": pa.array([], pa.timestamp("us")), "score": pa.array([], pa.float64())}
    pq.write_table(pa.table(empty), tmp_path / "log.parquet")
    with pytest.raises(EmptySampleError):
        drafted(tmp_path)


def test_a_place_without_a_log(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match=r"log\.parquet"):
        drafted(tmp_path)


@pytest.mark.parametrize("agent", [False, True])
def test_raw_logs_of_calls_are_told_by_what_they_hold(tmp_path: Path, agent: bool) -> None:
    make = agent_day if agent else calls
    for day in range(5):
        make(tmp_path, day, 0.1, n=600)
    made = draft("logs/*.jsonl", None, "bot", tmp_path, NOW)
    found = attributes(made)
    assert found["task"] == ("agent" if agent else "llm")
    assert found["predictions"] == {"location": "logs/*.jsonl", "format": "llm"}
    assert "span_rows" in made.yaml if agent else "litellm" in made.yaml
    assert (found["reference"]["start"], found["end"]) == ("2026-01-01", "2026-01-06")
    config = ModelConfig.model_validate(found)
    lab = Lab(tmp_path, config)
    lab.at_once(lab.day(3))
    assert lab.one(lab.day(3), config.primary_metric).verdict.value in {"ok", "fail"}


def test_of_a_long_log_of_calls_a_part_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(5):
        calls(tmp_path, day, 0.1, n=600)
    whole = draft("logs/*.jsonl", None, "bot", tmp_path, NOW)
    assert "which read 3,000 records of LLM calls" in whole.yaml
    monkeypatch.setattr(pieces, "JOB", 1000)
    monkeypatch.setattr(pieces, "LOOK", 50_000)
    part = draft("logs/*.jsonl", None, "bot", tmp_path, NOW)
    seen, about = re.findall(r"([\d,]+) records of about ([\d,]+) of LLM", part.yaml)[0]
    assert int(seen.replace(",", "")) < 1500
    # the lines differ in length by the digits of their numbers only
    assert int(about.replace(",", "")) == pytest.approx(3000, rel=0.05)
    assert attributes(part) == attributes(whole)


def batches(root: Path, *folders: str) -> None:
    """Forty runs of an agent without any time in each folder."""
    for folder in folders:
        (root / folder).mkdir(parents=True)
        for number in range(40):
            steps = [{"action": f"ls {number} {step}"} for step in range(number % 3 + 1)]
            run = {"trajectory": steps, "info": {"exit_status": "submitted"}}
            (root / folder / f"{number}.traj").write_text(json.dumps(run))


def test_runs_without_a_time_are_dated_by_their_folders(tmp_path: Path) -> None:
    batches(tmp_path, *(f"runs/date=2026-01-0{day}" for day in range(1, 7)))
    made = draft("runs", None, None, tmp_path, NOW)
    found = attributes(made)
    assert found["predictions"] == {"location": "runs", "format": "llm", "path_date": "%Y-%m-%d"}
    assert (found["task"], found["window"], found["end"]) == ("agent", "day", "2026-01-07")
    assert found["reference"] == {"start": "2026-01-01", "end": "2026-01-02"}
    reasons = {what: why for what, _, why in made.assumed}
    assert reasons["path_date"] == "no record tells a time; the paths name a day"
    lab = Lab(tmp_path, ModelConfig.model_validate(found))
    lab.at_once(lab.day(5))
    # runs of 1, 2 and 3 steps in turn: 13 of 40 have three
    result = lab.one(lab.day(5), "failed_task_rate")
    assert (result.verdict.value, result.value, result.n) == ("ok", 0.0, 40)
    assert lab.one(lab.day(5), "steps_p95").value == 3.0


def test_a_single_batch_has_a_window_of_a_day(tmp_path: Path) -> None:
    batches(tmp_path, "runs/2026/01/31")
    found = attributes(draft("runs", None, None, tmp_path, NOW))
    assert (found["predictions"]["path_date"], found["window"]) == ("%Y/%m/%d", "day")
    # it is the reference; there is nothing to judge before the next one comes
    assert (found["reference"]["end"], found.get("end")) == ("2026-02-01", None)


def test_a_log_without_any_time_says_what_to_do(tmp_path: Path) -> None:
    root = tmp_path / "2026-01-31"  # where the project lies says nothing of the runs
    batches(root, "runs/a")
    with pytest.raises(TimestampError, match="folder of its day, such as date=2026-01-31"):
        draft("runs", None, None, root, NOW)
