"""How fast logs of LLM calls are read, and in how much memory, against loops that only decode.

.venv/bin/python -m benchmarks.llm_logs [MEGABYTES]   # writes its table into docs/llm-logs.md

CPU time is of the whole process, start and imports included: machines are shared, and the shares
say more than the numbers. orjson is measured where it is installed; DuckDB only decodes every
column. A day of hourly files is the same file several times, so that 10 GB need 256 MB of disk.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.measure import measure
from benchmarks.tables import put, table

WORDS = ["model", "answer", "window", "tariff", "Zürich", "invoice", "please", "unknown", "order"]
MIDNIGHT = "2026-01-01T00:00:00Z"
FILE_MB = 256
PAGE = Path("docs/llm-logs.md")
LOOPS = {
    "msgspec": "decode with msgspec",
    "json": "decode with `json`",
    "orjson": "decode with orjson",
    "duckdb": "DuckDB's `read_ndjson`",
    "read": "read into canonical rows",
    "tables": "and count, price, derive tasks",
}


def words(rng: random.Random, n: int) -> str:
    return " ".join(rng.choices(WORDS, k=n))


def chat(rng: random.Random, i: int) -> dict[str, Any]:
    n, m = rng.randint(200, 3000), rng.randint(5, 500)
    usage = {"prompt_tokens": n, "completion_tokens": m, "total_tokens": n + m}
    message = {"role": "assistant", "content": words(rng, m), "refusal": None}
    return {
        "id": f"chatcmpl-{i}",
        "object": "chat.completion",
        "created": 1_767_225_600 + i,
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {**usage, "prompt_tokens_details": {"cached_tokens": n // 2}},
    }


def invocation(rng: random.Random, i: int) -> dict[str, Any]:
    n, m = rng.randint(200, 1000), rng.randint(5, 500)
    given = {"messages": [{"role": "user", "content": [{"text": words(rng, n)}]}]}
    answered = {
        "output": {"message": {"role": "assistant", "content": [{"text": words(rng, m)}]}},
        "stopReason": "end_turn",
        "metrics": {"latencyMs": rng.randint(200, 9000)},
        "usage": {"inputTokens": n, "outputTokens": m, "totalTokens": n + m},
    }
    return {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": MIDNIGHT,
        "region": "us-west-2",
        "requestId": f"r-{i}",
        "operation": "Converse",
        "modelId": "amazon.nova-lite-v1:0",
        "identity": {"arn": f"arn:aws:sts::1:assumed-role/app/user-{i % 50}"},
        "input": {"inputBodyJson": given, "inputTokenCount": n},
        "output": {"outputBodyJson": answered, "outputTokenCount": m},
    }


def trace(rng: random.Random, i: int) -> dict[str, Any]:
    """One agent's turn: the agent, a wrapper and the call itself, each with the same usage."""
    spans = []
    for depth, name in enumerate(("invoke_agent", "call_llm", "chat")):
        values = {
            "gen_ai.operation.name": {"stringValue": name if name != "call_llm" else "chat"},
            "gen_ai.request.model": {"stringValue": "gpt-4.1-mini"},
            "gen_ai.usage.input_tokens": {"intValue": "1000"},
            "gen_ai.usage.output_tokens": {"intValue": "50"},
            "gen_ai.conversation.id": {"stringValue": f"s-{i // 5}"},
            "gen_ai.prompt.0.content": {"stringValue": words(rng, 100)},
        }
        spans.append(
            {
                "traceId": f"{i:032x}",
                "spanId": f"{i * 3 + depth + 1:016x}",
                "parentSpanId": f"{i * 3 + depth:016x}" if depth else "",
                "name": name,
                "startTimeUnixNano": str((1_767_225_600 + i) * 10**9),
                "endTimeUnixNano": str((1_767_225_601 + i) * 10**9),
                "attributes": [{"key": key, "value": value} for key, value in values.items()],
                "status": {},
            }
        )
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}


SHAPES = {"chat completions": chat, "Bedrock invocations": invocation, "OTLP traces": trace}


def write(path: Path, shape: str, size: int) -> None:
    rng, midnight = random.Random(1), datetime.fromisoformat(MIDNIGHT)
    # a thousand texts are drawn, and then told again under new ids: drawing is slow
    drawn = [json.dumps(SHAPES[shape](rng, 10**9 + i)) for i in range(1000)]
    with path.open("w", encoding="utf-8") as file:
        i = written = 0
        while written < size:
            i += 1
            line = drawn[i % 1000].replace(f"{10**9 + i % 1000}", f"{10**9 + i}")
            second = int(86_400 * written / size)
            line = line.replace(
                MIDNIGHT, f"{midnight + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
            )
            written += file.write(line)
            written += file.write("\n")


def run(kind: str, path: str, times: int) -> None:
    from monitoring_pipelines.logs.files import find_files

    if kind in {"json", "msgspec", "orjson"}:
        import msgspec

        decode = json.loads if kind == "json" else msgspec.json.decode
        if kind == "orjson":
            import orjson

            decode = orjson.loads
        for _ in range(times):
            with Path(path).open("rb") as lines:
                for line in lines:
                    decode(line)
    elif kind == "duckdb":
        import duckdb

        for _ in range(times):
            duckdb.sql(f"SELECT count(COLUMNS(*)) FROM read_ndjson_auto('{path}')").fetchall()
    else:
        from dataclasses import replace

        from monitoring_pipelines.logs.llm.hashes import Hashes
        from monitoring_pipelines.logs.llm.workers import read_files
        from monitoring_pipelines.pipeline.llm_tables import read_llm_logs

        files = find_files(path, Path("/"))
        files = replace(files, paths=files.paths * times, marks=files.marks * times)
        with tempfile.TemporaryDirectory() as folder:
            reader = read_files if kind == "read" else read_llm_logs
            reader(files, Path(folder), Hashes(b"key"))


def main(megabytes: int) -> None:
    size, times = min(megabytes, FILE_MB), max(1, megabytes // FILE_MB)
    loops = {kind: say for kind, say in LOOPS.items() if kind != "orjson" or find_spec("orjson")}
    cells: dict[str, list[str]] = {kind: [say] for kind, say in loops.items()}
    with tempfile.TemporaryDirectory() as folder:
        for shape in SHAPES:
            path = Path(folder) / f"{shape.replace(' ', '_')}.jsonl"
            write(path, shape, size * 10**6)
            speeds: dict[str, float] = {}
            for kind in loops:
                command = [sys.executable, "-m", "benchmarks.llm_logs", kind, str(path), str(times)]
                cost = measure(command, {})
                speeds[kind] = path.stat().st_size * times / 1e6 / cost.cpu_s
                told = f"{speeds[kind]:.0f} ({speeds[kind] / speeds['msgspec']:.2f})"
                cells[kind].append(f"{told} {cost.peak_mib:.0f} MiB")
                print(f"{shape:20} {kind:8} {cells[kind][-1]}", flush=True)
            path.unlink()
    head = ["MB/s of CPU (share of msgspec's), peak memory", *SHAPES]
    said = f"{size * times} MB of each, in {times} file{'s' * (times > 1)}:"
    put(PAGE, "llm logs", f"{said}\n\n{table(head, [*cells.values()])}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        run(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else FILE_MB)
