"""Which signals of the catalogue of LLM applications and agents a log has the fields for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.domain.retirement import RETIREMENT
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import worst
from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.pipeline.signals import PROMPT, PROMPT_REGRESSION
from monitoring_pipelines.pipeline.vectors import TOPIC
from monitoring_pipelines.store.results import read
from monitoring_pipelines.store.summaries import newest
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store


class Entry(NamedTuple):
    """A signal: its results, and the columns any of which it needs.

    `features` are columns that are watched for drift and for values never seen before. What
    `lacks` something cannot be watched by these readers at all.
    """

    code: str
    what: str
    metrics: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    lacks: str = ""


class Told(NamedTuple):
    """An entry of one model: `says` is the fields that it lacks, or what it rests on."""

    code: str
    active: bool
    verdict: str
    what: str
    says: str


# what a column that is derived rests on
RAW = {
    "category_counts": "guardrail_categories", "tool_counts": "tool_calls",
    "answer": "output_hash", "ending": "finish", "error_kind": "status", "guardrail":
    "guardrail_action", "is_negative_latency": "latency_ms", "is_refused": "refusal", "is_retried":
    "retries", "uses_cache": "cache_read_tokens", "state": "finish", "tool_trouble": "tool_calls",
    TOPIC: "text of prompts", "retrieval": "documents", "has_documents": "documents",
    "document_counts": "document_ids",
    "score_values": "scores", "score_counts": "scores", "judge_counts": "scores",
    "is_malformed": "tool_calls", "n_agents": "agents", "fan_out": "agents", "is_deep":
    "agents", "uses_other_tools": "signals.tools",
}  # fmt: skip
CATALOGUE: dict[Task, tuple[Entry, ...]] = {
    Task.LLM: (
        Entry("LLM-01", "Calls until the end of the window.", ("staleness",)),
        Entry("LLM-02", "As many calls as usual.", ("volume",)),
        Entry("LLM-03", "Tokens per call."),
        Entry("LLM-04", "Cost per call, and of all."),
        Entry("LLM-05", "What is billed is logged.", ("unlogged_usage",)),
        Entry("LLM-06", "Every model has a price."),
        Entry("LLM-07", "How long callers wait."),
        Entry("LLM-08", "Calls that failed, and what of."),
        Entry("LLM-09", "Answers that were cut off."),
        Entry("LLM-10", "Answers that refuse."),
        Entry("LLM-11", "What guardrails and filters stopped."),
        Entry("LLM-12", "Guardrails look at every call."),
        Entry("LLM-13", "Answers in the form that was asked for."),
        Entry("LLM-14", "Empty and repeated answers."),
        Entry("LLM-15", "Retries and fallbacks."),
        Entry("LLM-16", "The model that served is a known one.", (), ("model", "fingerprint")),
        Entry("LLM-17", "No version of a prompt is worse than the others.", (PROMPT_REGRESSION,)),
        Entry("LLM-18", "Scores by judges and people.", ("mean_score", "label_coverage")),
        Entry("LLM-19", "What people ask about.", (), (TOPIC,)),
        Entry(
            "LLM-20",
            "Length and script of prompts.",
            (),
            ("input_chars", "input_tokens", "script"),
        ),
        Entry("LLM-21", "Prompts from the cache."),
        Entry("LLM-22", "What retrieval finds.", (), ("retrieval_score",)),
        Entry("LLM-23", "Models that end soon.", (RETIREMENT,)),
    ),
    Task.AGENT: (
        Entry("AGT-01", "Tasks in a loop."),
        Entry("AGT-02", "Steps, tools, tokens, cost and time of a task."),
        Entry("AGT-03", "Tools that fail."),
        Entry("AGT-04", "Calls of tools that cannot be read."),
        Entry("AGT-05", "Only tools that are on the list."),
        Entry("AGT-06", "Prompts and tools are as they were.", (), ("prompt_hash",)),
        Entry("AGT-10", "Tasks that fail or do not end."),
        Entry("AGT-11", "The path through the tools.", (), ("path",)),
        Entry("AGT-12", "How many agents work on a task, and how deep they call one another."),
    ),
}  # fmt: skip


def told_of(model: Model, store: Store, now: datetime) -> Iterator[Told]:
    """The catalogue of the model's task, as of its newest window."""
    windows = model.windows(None, None, now)
    table, results = None, []
    if windows:
        last = windows[-1]
        with store.read() as connection:
            table = newest(connection, model.name, "table", last)
            start, end = last.utc.start, last.utc.end
            results = read(connection, model=model.name, start=start, end=end)
    for entry in CATALOGUE[model.config.task]:
        own = entry.features == (TOPIC,) and model.config.embeddings
        one = entry._replace(features=(*model.config.embeddings,)) if own else entry
        yield _told(one, table if isinstance(table, TableSummary) else None, results)


def _told(entry: Entry, table: TableSummary | None, results: Sequence[Result]) -> Told:
    if entry.lacks:
        return Told(entry.code, False, "", entry.what, f"misses {entry.lacks}")  # noqa: FBT003 - a record
    names = {*entry.metrics, *(m.name for m in SIGNALS.values() if m.code == entry.code)}
    mine = [r for r in results if _is_of(r, names, entry.features)]
    known = [r for r in mine if r.value is not None or r.metric == RETIREMENT]
    if known:
        verdict = worst([r.verdict for r in known]).value
        rests = sorted({r.metric for r in known} | {r.column for r in known if entry.features})
        return Told(entry.code, True, verdict, entry.what, ", ".join(filter(None, rests)))  # noqa: FBT003 - a record
    says = f"misses {_missing(entry)}"
    if table is None or not table.n_rows:
        lost = [r.reason for r in results if r.metric == "undated_rows" and r.value]
        says = "; ".join(["the newest window has no row", *lost])
        says = says if results else "no window was judged yet"
    return Told(entry.code, False, "", entry.what, says)  # noqa: FBT003 - a record


def _is_of(result: Result, names: set[str], features: tuple[str, ...]) -> bool:
    if result.metric in names:
        return not result.segment or result.metric == PROMPT_REGRESSION
    return result.metric in {"unseen_rate", "jensen_shannon"} and result.column in features


def _missing(entry: Entry) -> str:
    own = {
        PROMPT_REGRESSION: f"two values of `{PROMPT}` in the window",
        "unlogged_usage": "exports of the provider's own usage among the logs",
        "mean_score": "`labels`",
        RETIREMENT: "`model`",
    }
    said = [own[name] for name in entry.metrics if name in own]
    mine = [m for m in SIGNALS.values() if m.code == entry.code]
    columns = {m.each or m.column for m in mine} | {*entry.features}
    said += sorted({f"`{RAW.get(name, name)}`" for name in columns})
    return " or ".join(said) or "rows"
