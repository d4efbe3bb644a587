"""What every LLM and agent log is read into: one row per model call, one per tool call.

Tokens are counted one way for all providers: `input_tokens` is the whole prompt *with* what came
from or went into the provider's cache; `output_tokens` holds reasoning. Times are microseconds
since 1970 (UTC); durations are milliseconds. None means that the log does not say. No text of a
prompt or an answer is kept, only its length, a hash and kinds of what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitoring_pipelines.logs.llm.form import Form

Record = dict[str, Any]
# of a field that is at hand while a record is read, and is never written or shown
PASSING = {"passing": True}


@dataclass(slots=True)
class Call:
    """One call of a model, or of a guardrail by itself.

    `part` marks one of several records that tell of the same call; they are merged by `id`.
    `is_total` marks a span that may repeat what the calls below it say. `notes` are codes of what
    was odd, separated by spaces. `user_places` and `tool_places` are hashes of the addresses, hosts
    and accounts that people (and system prompts) wrote, and that tools gave back (`places.py`).
    `agent_depth` is how many agents called one another until this one, itself included, and
    `caller` the one before it; of spans both follow from the tree.
    Of a retrieval, `document_ids` are separated by spaces. `asked` is what a person wrote, until
    its `topic` and `script` are known, and `answer_text` what was answered, until
    `output_findings` are. `output_valid` is whether the `answer` has the `form` that was asked for.
    """

    id: str
    timestamp: int | None
    operation: str = "chat"
    provider: str | None = None
    model_requested: str | None = None
    model: str | None = None
    status: str | None = None
    http_status: int | None = None
    error_class: str | None = None
    finish: str | None = None
    refusal: bool | None = None
    input_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    logged_cost_usd: float | None = None
    latency_ms: float | None = None
    ttft_ms: float | None = None
    streaming: bool | None = None
    principal: str | None = None
    end_user: str | None = None
    api_key: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_id: str | None = None
    agent: str | None = None
    agent_version: str | None = None
    agent_depth: int | None = None
    caller: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    tools_offered: int | None = None
    tools_called: int | None = None
    guardrail_verdict: str | None = None
    guardrail_action: str | None = None
    guardrail_mode: str | None = None
    guardrail_categories: str | None = None
    guardrail_coverage: float | None = None
    guardrail_raw: bool | None = None
    groundedness: float | None = None
    retries: int | None = None
    cache_hit: bool | None = None
    fingerprint: str | None = None
    tier: str | None = None
    region: str | None = None
    input_chars: int | None = None
    output_chars: int | None = None
    output_hash: str | None = None
    output_findings: str | None = None
    output_valid: bool | None = None
    user_places: str | None = None
    tool_places: str | None = None
    documents: int | None = None
    document_ids: str | None = None
    retrieval_score: float | None = None
    topic: list[int] | None = None
    script: str | None = None
    asked: str | None = field(default=None, repr=False, metadata=PASSING)
    custom_id: str | None = None
    notes: str | None = None
    part: int | None = None
    is_total: bool = False
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None
    answer_text: str | None = field(default=None, repr=False, metadata=PASSING)
    form: Form | None = field(default=None, repr=False, metadata=PASSING)
    answer: Any = field(default=None, repr=False, metadata=PASSING)

    def note(self, code: str) -> None:
        """Add a code of what was odd."""
        self.notes = f"{self.notes} {code}" if self.notes else code


@dataclass(slots=True)
class ToolCall:
    """One call of a tool: as the model asked for it (`executed` is False), or as it was run.

    `args_hash` is of the canonical arguments (keys sorted), so equal calls have equal hashes.
    `destinations` are hashes of where the arguments send to, `result_places` of what came back.
    `given` are the arguments, until they were judged.
    """

    call_id: str | None
    timestamp: int | None
    tool: str
    ord: int = 0
    executed: bool = False
    tool_call_id: str | None = None
    args_hash: str | None = None
    args_valid: bool | None = None
    destinations: str | None = None
    ok: bool | None = None
    error_class: str | None = None
    latency_ms: float | None = None
    result_chars: int | None = None
    result_hash: str | None = None
    result_places: str | None = None
    session_id: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_id: str | None = None
    agent: str | None = None
    part: int | None = None
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None
    given: Any = field(default=None, repr=False, metadata=PASSING)


@dataclass(slots=True)
class Span:
    """The place of a span in its trace, by which usage is counted once."""

    trace_id: str
    span_id: str
    parent_id: str | None = None
    session_id: str | None = None
    agent: str | None = None
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None


@dataclass(slots=True)
class Event:
    """What somebody did to the account: an entry of an audit log, or a step of an agent.

    `kind` is the provider's type with dots (``api_key.created``), or of an agent ``reprompt``,
    ``failure``, ``finish``. Actors, the roles that they took on, and addresses are keyed hashes.
    """

    id: str
    timestamp: int | None
    kind: str
    actor_kind: str | None = None
    actor: str | None = None
    role: str | None = None
    ip: str | None = None
    country: str | None = None
    user_agent: str | None = None
    resource: str | None = None
    scopes: str | None = None
    status: str | None = None
    session_id: str | None = None
    trace_id: str | None = None
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None


@dataclass(slots=True)
class Usage:
    """What a provider says was used or billed from `timestamp` to `end`: to reconcile with."""

    timestamp: int | None
    end: int | None
    model: str | None = None
    project: str | None = None
    line_item: str | None = None
    requests: int | None = None
    input_tokens: int | None = None
    cache_read_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None


@dataclass(slots=True)
class Score:
    """What a judge (a program, a model, a person) gave what was answered in a trace.

    One that names a span alone is of the trace of that span. `judge` says which of them, such as a
    source and the id of an evaluator.
    """

    id: str
    timestamp: int | None
    name: str
    value: float
    judge: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None


@dataclass(slots=True)
class Term:
    """A word and the users whose first prompt in an hour from `timestamp` had it.

    Under "" stands the number of these users.
    """

    timestamp: int | None
    term: str
    n: int
    format: str | None = None
    source_file: str | None = None
    source_offset: int | None = None


@dataclass(slots=True)
class Found:
    """What was read from a record. All empty: a known record that tells of no call."""

    calls: list[Call] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Take over what another record told."""
        self.calls += other.calls
        self.tool_calls += other.tool_calls
        self.spans += other.spans
        self.events += other.events
        self.usage += other.usage
        self.scores += other.scores

    def rows(self) -> list[Call | ToolCall | Span | Event | Usage | Score]:
        """Everything, of whatever table."""
        calls: list[Call | ToolCall | Span] = [*self.calls, *self.tool_calls, *self.spans]
        return [*calls, *self.events, *self.usage, *self.scores]
