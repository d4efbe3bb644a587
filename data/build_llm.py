"""Make the logs of the two example applications: an LLM app and an agent.

    python data/build_llm.py

Nobody's logs: every span is drawn here from a fixed seed, and no model was called. The shape is
that of real exporters: OTLP/JSON as the OpenTelemetry Collector writes it to a file, with today's
names of the GenAI conventions and without any text, as they are by default (`support_app`), and
rows of spans as CloudWatch keeps them (`research_agent`). Tokens, durations and shares are of the
size that such applications have; what goes wrong is written below.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent
FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
# more people ask by day
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 11, 12, 13, 13, 12, 10, 8, 6, 5, 4, 3, 2])
SPANS_A_LINE = 32


def main() -> None:
    rng = np.random.default_rng(20260302)
    app, agent = HERE / "support_app", HERE / "research_agent"
    for folder in (app, agent):
        folder.mkdir(exist_ok=True)
    for day in range(21):
        spans = support(rng, day)
        lines = [spans[at : at + SPANS_A_LINE] for at in range(0, len(spans), SPANS_A_LINE)]
        write(app / f"{FIRST + timedelta(days=day):%Y-%m-%d}.jsonl.gz", map(otlp, lines))
    for day in range(13):
        write(agent / f"{FIRST + timedelta(days=day):%Y-%m-%d}.jsonl.gz", research(rng, day))


def moments(rng: np.random.Generator, day: int, n: int) -> list[datetime]:
    """Times of a day's requests, in order."""
    start = FIRST + timedelta(days=day)
    hours = rng.choice(24, rng.poisson(n), p=HOURS / HOURS.sum())
    seconds = np.sort(hours * 3600 + rng.uniform(0, 3600, len(hours)))
    return [start + timedelta(seconds=float(second)) for second in seconds]


# --- an application that answers questions of customers -----------------------------------------


def support(rng: np.random.Generator, day: int) -> list[dict[str, Any]]:
    """A request is a span with a call of a model below it.

    On the 17th and 18th day (18 and 19 March) a limit of the provider refuses one call in nine.
    From the 19th day on half of the requests get version 7 of the prompt, whose answers are longer
    and often cut off.
    """
    refused = 0.11 if day in {16, 17} else 0.004
    spans = []
    for number, at in enumerate(moments(rng, day, 260)):
        trace = f"{day:08x}{number:024x}"
        version = "7" if day >= 18 and rng.uniform() < 0.5 else "6"
        prompt = int(rng.normal(900, 60) + 40 * rng.poisson(6))
        told: dict[str, Any] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.conversation.id": f"c-{day}-{number}",
            "gen_ai.prompt.name": "answer",
            "gen_ai.prompt.version": version,
            "gen_ai.request.stream": True,
        }
        failed = rng.uniform() < refused
        if failed:
            took = float(rng.gamma(2, 0.05))
            told |= {"error.type": "rate_limit_exceeded", "http.response.status_code": 429}
        else:
            long = version == "7"
            cut = rng.uniform() < (0.22 if long else 0.01)
            answer = 400 if cut else int(min(399, rng.lognormal(5.3 if long else 4.9, 0.4)))
            first = float(rng.lognormal(-0.8, 0.35))
            took = first + answer / float(rng.normal(75, 8))
            told |= {
                "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
                "gen_ai.usage.input_tokens": prompt,
                "gen_ai.usage.cache_read.input_tokens": 768 if rng.uniform() < 0.7 else 0,
                "gen_ai.usage.output_tokens": answer,
                "gen_ai.response.finish_reasons": ["length" if cut else "stop"],
                "gen_ai.response.time_to_first_chunk": round(first, 3),
            }
        root, call = f"{number:08x}00000001", f"{number:08x}00000002"
        spans.append(span((trace, root, None), at, took + 0.02, {"http.route": "/answer"}))
        later = at + timedelta(milliseconds=9)
        spans.append(span((trace, call, root), later, took, told) | {"status": status(failed)})
    return spans


def span(
    ids: tuple[str, str, str | None], at: datetime, seconds: float, told: dict[str, Any]
) -> dict[str, Any]:
    trace, own, parent = ids
    start = int(at.timestamp() * 1e6) * 1000
    return {
        "traceId": trace,
        "spanId": own,
        **({"parentSpanId": parent} if parent else {}),
        "name": "chat gpt-4o-mini" if parent else "POST /answer",
        "kind": 3 if parent else 2,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + int(seconds * 1e9)),
        "attributes": [{"key": key, "value": value(one)} for key, one in told.items()],
        "status": {},
    }


def status(failed: bool) -> dict[str, int]:
    return {"code": 2} if failed else {}


def value(one: Any) -> dict[str, Any]:
    """A value as OTLP/JSON has it: whole numbers are texts."""
    if isinstance(one, bool):
        return {"boolValue": one}
    if isinstance(one, int):
        return {"intValue": str(one)}
    if isinstance(one, float):
        return {"doubleValue": one}
    if isinstance(one, list):
        return {"arrayValue": {"values": [value(item) for item in one]}}
    return {"stringValue": one}


def otlp(spans: list[dict[str, Any]]) -> dict[str, Any]:
    scope = {"name": "opentelemetry.instrumentation.openai_v2"}
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "support"}}]}
    return {
        "resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": scope, "spans": spans}]}]
    }


# --- an agent that looks things up ---------------------------------------------------------------

MODEL = "anthropic.claude-3-5-haiku-20241022-v1:0"
TOOLS = ("search", "read_page", "calculate")


@dataclass
class Task:
    """Spans of one session, one after the other."""

    trace: str
    number: int
    session: str
    clock: datetime
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, seconds: float, told: dict[str, Any], ok: bool = True) -> None:
        start = int(self.clock.timestamp() * 1e9)
        more = {"gen_ai.operation.name": kind, "gen_ai.conversation.id": self.session}
        self.rows.append(
            {
                "traceId": self.trace,
                "spanId": f"{self.number:08x}{len(self.rows) + 1:08x}",
                "parentSpanId": f"{self.number:08x}00000000",
                "name": kind,
                "startTimeUnixNano": start,
                "endTimeUnixNano": start + int(seconds * 1e9),
                "attributes": {**more, **told},
                "status": {"code": "OK" if ok else "ERROR"},
            }
        )
        self.clock += timedelta(seconds=seconds + 0.01)


def research(rng: np.random.Generator, day: int) -> list[dict[str, Any]]:
    """A task is a session: a call of a model decides on a tool, the tool runs, and so on.

    On the last two days (13 and 14 March) the search often finds nothing, and the agent asks it for
    the same again and again.
    """
    broken = 0.25 if day >= 11 else 0.0
    rows: list[dict[str, Any]] = []
    for number, at in enumerate(moments(rng, day, 110)):
        task = Task(f"{day:08x}{number:024x}", number, f"task-{day}-{number}", at)
        loops = rng.uniform() < broken
        steps = int(rng.integers(4, 8)) if loops else 1 + int(rng.poisson(1.6))
        used = work(rng, task, steps, loops)
        root = {
            "traceId": task.trace,
            "spanId": f"{number:08x}00000000",
            "name": "invoke_agent research",
            "startTimeUnixNano": int(at.timestamp() * 1e9),
            "endTimeUnixNano": int(task.clock.timestamp() * 1e9),
            "attributes": {
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.agent.name": "research",
                "gen_ai.conversation.id": task.session,
                # the agent's span repeats what its calls used, as many frameworks do
                "gen_ai.usage.input_tokens": used,
            },
            "status": {"code": "OK"},
        }
        rows += [*task.rows, root]
    return rows


def work(rng: np.random.Generator, task: Task, steps: int, loops: bool) -> int:
    """Calls and tools of a task; tokens of all its prompts."""
    context, used = 700, 0
    for step in range(steps + 1):
        last = step == steps
        answer = int(rng.lognormal(5.5 if last else 3.8, 0.3))
        told = {
            "gen_ai.provider.name": "aws.bedrock",
            "gen_ai.request.model": MODEL,
            "gen_ai.response.model": MODEL,
            "gen_ai.usage.input_tokens": context,
            "gen_ai.usage.output_tokens": answer,
            "gen_ai.response.finish_reasons": ["end_turn" if last else "tool_use"],
        }
        task.add("chat", float(rng.lognormal(0.6, 0.3)), told)
        used += context
        context += answer + int(rng.normal(300, 40))
        if not last:
            name = "search" if loops or step == 0 else str(rng.choice(TOOLS, p=[0.3, 0.5, 0.2]))
            asked = json.dumps({"query": "the same" if loops else f"{task.session} {step}"})
            given = {"gen_ai.tool.name": name, "gen_ai.tool.call.arguments": asked}
            ok = bool(rng.uniform() > 0.03)
            task.add("execute_tool", float(rng.lognormal(-0.5, 0.5)), given, ok=ok)
    return used


def write(path: Path, records: Iterable[Any]) -> None:
    text = "".join(f"{json.dumps(record, separators=(',', ':'))}\n" for record in records)
    # without a name and a time, so that the same seed gives the same bytes
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
