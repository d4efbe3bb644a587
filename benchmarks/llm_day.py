"""A long day of Bedrock's invocation log as a user monitors it: `mlmon init`, then `mlmon run`.

.venv/bin/python -m benchmarks.llm_day FOLDER [GIGABYTES] [READERS]   # 2 GB and 2 by default

FOLDER is made, holds the log and the project, and stays: the day is written once. Seven days of
50 MB lie before it, and its window is the whole day, not the hours that `init` chooses. Memory is that of all processes at one time, shared pages divided among
those that share them (PSS), looked at four times a second; CPU is theirs, imports included.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

FIRST = datetime.fromisoformat("2026-03-02T00:00:00")
DAYS, BEFORE_MB = 7, 50
# texts that are drawn; each is told again under ids, users and a last word of its own
DRAWN = 3000
_ID, _USER, _TIME, _LAST = "id-to-fill-in", "user-to-fill-in", "time-to-fill-in", "word-to-fill-in"
_SYLLABLES = ["ka", "lo", "mer", "ti", "san", "du", "vel", "por", "ni", "gra", "ß", "él", "ost"]
_CODE = "```python\nfor row in rows:\n    total += row['amount'] * 1.19  # {0}\nprint(total)\n```"
_LINK = "See https://docs.example.org/{0}/page?id=4711 or write to help@{0}.example.org (+49 30 1)."
PROJECT = """\
[tool.dg]
directory_type = "project"
[tool.dg.project]
root_module = "assets"
defs_module = "assets"
"""
_TOOLS = [{"name": "lookup", "description": "Find an order.", "input_schema": {"type": "object"}}]


class Texts:
    """Texts whose words are frequent by Zipf's law, some with code, links and numbers."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.words = ["".join(self.rng.choices(_SYLLABLES, k=1 + i % 4)) for i in range(5000)]
        self.shares = [*itertools.accumulate(1 / rank for rank in range(1, 5001))]

    def some(self, n: int) -> str:
        found = self.rng.choices(self.words, cum_weights=self.shares, k=n)
        return " ".join(word + (".\n" if at % 17 == 16 else "") for at, word in enumerate(found))

    def answer(self) -> str:
        said, kind = self.some(self.rng.randint(5, 400)), self.rng.random()
        extra = (_CODE if kind < 0.1 else _LINK if kind < 0.2 else "{0}").format(self.some(1))
        return f"{said}\n{extra} {_LAST}"


def record(texts: Texts) -> str:
    """An entry of the log: a conversation, a stream, a tool that is asked for, an error."""
    rng = texts.rng
    kind = rng.choices(["converse", "claude", "stream", "titan", "error"], [45, 25, 22, 6, 2])[0]
    n, m = rng.randint(300, 3000), rng.randint(5, 500)
    turns = [texts.some(rng.randint(5, 250)) for _ in range(rng.choice([1, 1, 3, 5]))]
    usage = {"inputTokens": n, "outputTokens": m, "totalTokens": n + m}
    if kind in {"converse", "error"}:
        answer = {
            "output": {"message": {"role": "assistant", "content": [{"text": texts.answer()}]}},
            "stopReason": rng.choice(["end_turn"] * 9 + ["max_tokens"]),
            "metrics": {"latencyMs": rng.randint(200, 9000)},
            "usage": usage,
        }
        body: Any = {
            "messages": [
                {"role": ["user", "assistant"][at % 2], "content": [{"text": text}]}
                for at, text in enumerate(turns)
            ],
            "system": [{"text": "You help people with their orders."}],
        }
        return entry("Converse", "amazon.nova-lite-v1:0", (body, answer), (n, m), kind == "error")
    if kind == "titan":
        body = {"inputText": turns[0], "textGenerationConfig": {"temperature": 0}}
        results = [{"tokenCount": m, "outputText": texts.answer(), "completionReason": "FINISH"}]
        answer = {"inputTextTokenCount": n, "results": results}
        return entry("InvokeModel", "amazon.titan-text-express-v1", (body, answer), (n, m))
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "system": "You help people with their orders.",
        "messages": [
            {"role": ["user", "assistant"][at % 2], "content": text}
            for at, text in enumerate(turns)
        ],
        "tools": _TOOLS,
    }
    model = "us.anthropic.claude-3-5-haiku-20241022-v1:0"
    if kind == "claude":
        content: list[Any] = [{"type": "text", "text": texts.answer()}]
        if rng.random() < 0.3:
            given = {"order": rng.randint(1, 9999)}
            content.append({"type": "tool_use", "id": "t-1", "name": "lookup", "input": given})
        asks = len(content) > 1
        said: dict[str, Any] = {"role": "assistant", "content": content}
        said |= {"stop_reason": "tool_use" if asks else "end_turn"}
        said |= {"usage": {"input_tokens": n, "output_tokens": m}}
        return entry("InvokeModel", model, (body, said), (n, m))
    words = texts.answer().split(" ")
    events: list[Any] = [{"type": "message_start", "message": {"usage": {"input_tokens": n}}}]
    for at in range(0, len(words), 4):
        delta = {"type": "text_delta", "text": " ".join([*words[at : at + 4], ""])}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    end: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    events += [end | {"usage": {"output_tokens": m}}, {"type": "message_stop"}]
    events[-1]["amazon-bedrock-invocationMetrics"] = {
        "inputTokenCount": n,
        "outputTokenCount": m,
        "invocationLatency": rng.randint(900, 9000),
        "firstByteLatency": rng.randint(100, 900),
    }
    return entry("InvokeModelWithResponseStream", model, (body, events), (n, m))


def entry(
    operation: str,
    model: str,
    bodies: tuple[Any, Any],
    tokens: tuple[int, int],
    fails: bool = False,
) -> str:
    whole: dict[str, Any] = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": _TIME,
        "accountId": "111111111111",
        "region": "us-west-2",
        "requestId": _ID,
        "operation": operation,
        "modelId": model,
        "identity": {"arn": f"arn:aws:sts::111111111111:assumed-role/app/{_USER}"},
        "input": {"inputBodyJson": bodies[0], "inputTokenCount": tokens[0]},
        "output": {"outputBodyJson": bodies[1], "outputTokenCount": tokens[1]},
    }
    if fails:
        whole |= {"errorCode": "ThrottlingException", "output": {}}
    return json.dumps(whole)


def write(folder: Path, gigabytes: float) -> None:
    """Seven days of one file each, and a day of 24 files; a line in a thousand is cut off."""
    texts = Texts(1)
    drawn = [record(texts) for _ in range(DRAWN)]
    number = itertools.count(1)
    for day in range(DAYS):
        size = BEFORE_MB * 10**6
        write_file(folder / f"day-{day}.jsonl", drawn, number, (FIRST, day * 24, 24), size)
    for hour in range(24):
        path = folder / f"day-{DAYS}-{hour:02}.jsonl"
        write_file(path, drawn, number, (FIRST, DAYS * 24 + hour, 1), int(gigabytes * 1e9 / 24))


def write_file(
    path: Path,
    drawn: list[str],
    number: itertools.count[int],
    hours: tuple[datetime, int, int],
    size: int,
) -> None:
    start, at, n = hours
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            i = next(number)
            moment = start + timedelta(hours=at + n * written / size)
            line = drawn[i * 7919 % DRAWN].replace(_ID, f"r-{i}").replace(_LAST, f"ref{i:x}.")
            line = line.replace(_USER, f"user-{i * 31 % 5000}")
            line = line.replace(_TIME, f"{moment:%Y-%m-%dT%H:%M:%SZ}")
            written += file.write(line[:200] if i % 1000 == 0 else line) + file.write("\n")


def watched(command: list[str], folder: Path, readers: int) -> None:
    """Run a command and print what it and all processes below it cost."""
    began = time.monotonic()
    peak, most, cpu = 0.0, 0, dict[int, float]()
    environment = {**os.environ, "MONITORING_READERS": str(readers), "PYTHONPATH": ""}
    with subprocess.Popen(command, cwd=folder, env=environment) as running:
        root = psutil.Process(running.pid)
        while running.poll() is None:
            size, n = 0, 0
            try:
                for process in [root, *root.children(recursive=True)]:
                    size, n = size + process.memory_full_info().pss, n + 1
                    times = process.cpu_times()
                    cpu[process.pid] = times.user + times.system
            except psutil.Error:
                continue  # one has just ended
            peak, most = max(peak, size / 2**20), max(most, n)
            time.sleep(0.25)
    said = f"{time.monotonic() - began:.0f} s, CPU {sum(cpu.values()):.0f} s, {most} processes"
    print(f"{' '.join(command[1:3])}: {said}, peak {peak:.0f} MiB, ended with {running.returncode}")
    for path in sorted(folder.glob(".monitoring/*")):
        inner = sum(one.stat().st_size for one in [path, *path.rglob("*")] if one.is_file())
        print(f"  {path.name} {inner / 1e6:.1f} MB")


def main(folder: Path, gigabytes: float, readers: int) -> None:
    logs = folder / "logs"
    if not logs.exists():
        logs.mkdir(parents=True)
        write(logs, gigabytes)
        (folder / "assets").mkdir()
        (folder / "assets" / "__init__.py").touch()
        (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    mlmon = str(Path(sys.executable).with_name("mlmon"))
    last = FIRST + timedelta(days=DAYS)
    watched([mlmon, "init", f"{logs}/*.jsonl", "--name", "bot"], folder, readers)
    chosen = folder / "assets" / "bot" / "defs.yaml"
    told = chosen.read_text(encoding="utf-8")
    chosen.write_text(told.replace("window: hour", "window: day"), encoding="utf-8")
    span = ["--from", f"{last:%Y-%m-%d}", "--to", f"{last + timedelta(days=1):%Y-%m-%d}"]
    watched([mlmon, "run", "bot", *span], folder, readers)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]),
        float(given[1]) if len(given) > 1 else 2.0,
        int(given[2]) if len(given) > 2 else 2,
    )
