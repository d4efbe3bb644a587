"""Calls or tasks of one window, from readings of many files.

A trace, a session, or the halves of a record may lie in several files and on both sides of a
window's edge. So the rows of a window are derived from all rows that share an id, a trace or a
session with one inside it and are not further away than `reach`; what began outside belongs to
another window and is left out at the end. The cost is that of the window, not of the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.backends.duckdb.llm_behaviour import PLAIN, Toolbox, write_behaviour
from monitoring_pipelines.backends.duckdb.llm_calls import write_calls
from monitoring_pipelines.backends.duckdb.llm_scores import SCORED, write_scores
from monitoring_pipelines.backends.duckdb.llm_tasks import DEEP, write_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    import duckdb

    from monitoring_pipelines.backends.duckdb.llm_calls import Rates

_MADE = (
    *("whole", "places", "above", "counted", "nested", "rates", "calls", "tools", "tasks"),
    *("behaviour", "kin_ids", "begun", "kin_sessions", "kin_traces", "counted_terms", "scored"),
)
MEMORY_LIMIT = "2GB"
# models of a window that are told apart
MODELS = 50
RAW = ("llm_calls", "tool_calls", "spans", "events")


@dataclass(frozen=True, slots=True)
class Read:
    """A folder that a reading left, and the source files in it that still count."""

    folder: Path
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Calls, or `tasks`; how far apart what belongs together may be; prices as `write_calls` takes.

    `tools` are those that an agent may use; without any, all are. `toolbox` says what security asks
    of some of them.
    """

    tasks: bool
    reach: timedelta
    prices: tuple[Rates, tuple[int, ...]]
    tools: tuple[str, ...] = ()
    toolbox: Toolbox = PLAIN


def bound(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Let windows have 2 GB of memory; what is beyond it waits in the folder `spill`.

    DuckDB makes that folder when it needs it, and removes it at the end.
    """
    (now,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    if now[0] != str(spill):  # once it is used it cannot be set again
        spill.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"SET temp_directory = {literal(str(spill))}")
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")


def times_of(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> dict[str, tuple[datetime, datetime]]:
    """First and last instant that the rows of each source file tell; none of files without any."""
    parts = [
        f'SELECT source_file, "timestamp" FROM read_parquet({_path(folder, table)})'
        for table in ("llm_calls", "tool_calls", "events", "usage")
    ]
    rows = connection.execute(
        f'SELECT source_file, min("timestamp"), max("timestamp") FROM ({" UNION ALL ".join(parts)})'
        ' WHERE "timestamp" IS NOT NULL GROUP BY source_file'
    ).fetchall()
    return {str(file): (first, last) for file, first, last in rows}


def write_window(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    reads: Sequence[Read],
    within: tuple[datetime, datetime] | None,
    wanted: Wanted,
) -> None:
    """Make the table `name` of the calls or tasks that began `within` two instants, or ever."""
    bounds = None
    if within is not None:
        low, high = (f"TIMESTAMPTZ '{moment.isoformat()}'" for moment in within)
        far = f"to_seconds({int(wanted.reach.total_seconds())})"
        inside = f'("timestamp" >= {low} AND "timestamp" < {high})'
        near = f'("timestamp" >= {low} - {far} AND "timestamp" < {high} + {far})'
        bounds = inside, f'("timestamp" IS NULL OR {near})'
    _write_raw(connection, reads, bounds)
    write_calls(connection, *wanted.prices)
    # the calls are in `calls` now; a day of millions of them should not be there twice
    connection.execute("DROP TABLE whole")
    if wanted.tasks:
        write_tasks(connection)
        write_behaviour(connection, wanted.toolbox)
    inside = bounds[0] if bounds else "true"
    connection.execute(_TERMS.format(terms=source("terms", reads), inside=inside))
    write_scores(connection, source("scores", reads))
    told = _ASKED.format(told=_CALLS_TOLD, inside=inside)
    if wanted.tasks:
        others = "NULL::BOOLEAN"
        if wanted.tools:
            others = _OTHER_TOOLS.format(tools=", ".join(map(literal, wanted.tools)))
        told = _TASKS_TOLD.format(others=others, deep=DEEP)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS SELECT * FROM ({told}) WHERE {inside}"
    )
    for table in _MADE:  # the window's rows are in one place now, and no longer in six
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def undated(connection: duckdb.DuckDBPyConnection, reads: Sequence[Read]) -> int:
    """Calls of models that no window will ever hold."""
    (found,) = connection.execute(
        f'SELECT count(*) FROM ({source("llm_calls", reads)}) WHERE "timestamp" IS NULL'
    ).fetchall()
    return int(found[0])


def formats_of(connection: duckdb.DuckDBPyConnection, reads: Sequence[Read]) -> str:
    """Names of the formats that calls were read from."""
    rows = connection.execute(
        f"SELECT DISTINCT format FROM ({source('llm_calls', reads)}) ORDER BY 1"
    ).fetchall()
    return ", ".join(str(row[0]) for row in rows)


def tools_run(connection: duckdb.DuckDBPyConnection, reads: Sequence[Read]) -> int:
    """Calls of tools that were run, which only agents do."""
    (found,) = connection.execute(
        f"SELECT count(*) FROM ({source('tool_calls', reads)}) WHERE executed"
    ).fetchall()
    return int(found[0])


def billed_tokens(
    connection: duckdb.DuckDBPyConnection, reads: Sequence[Read], within: tuple[datetime, datetime]
) -> int | None:
    """Tokens that OpenAI counted between two instants; None unless its buckets fill that time.

    A bucket that was exported several times counts once, by its largest count.
    """
    low, high = (f"TIMESTAMPTZ '{moment.isoformat()}'" for moment in within)
    (found,) = connection.execute(
        'WITH one AS (SELECT "timestamp", "end", '
        "max(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) AS tokens "
        f"FROM ({source('usage', reads)}) "
        f'WHERE "timestamp" >= {low} AND "end" <= {high} AND input_tokens IS NOT NULL '
        'GROUP BY "timestamp", "end", model, project) '
        'SELECT (SELECT sum(tokens) FROM one), (SELECT sum(epoch("end" - "timestamp")) '
        'FROM (SELECT DISTINCT "timestamp", "end" FROM one))'
    ).fetchall()
    filled = found[1] is not None and float(found[1]) == (within[1] - within[0]).total_seconds()
    return int(found[0]) if filled else None


def logged_tokens(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Tokens of the calls of OpenAI in a window's table, each once."""
    (found,) = connection.execute(
        "SELECT coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)), 0) FROM "
        f"(SELECT DISTINCT ON (id) * FROM {identifier(name)} WHERE provider = 'openai')"
    ).fetchall()
    return int(found[0])


def models_of(
    connection: duckdb.DuckDBPyConnection, name: str, *, is_task: bool
) -> list[tuple[str | None, str, str | None, int]]:
    """(provider, model, model asked for, rows) of the most frequent models of a window's table.

    A task tells the names of its models and no provider.
    """
    of = "SELECT provider, coalesce(model, model_requested) AS model, model_requested AS asked"
    if is_task:
        of = "SELECT NULL AS provider, unnest(string_split(model, ' ')) AS model, NULL AS asked"
    rows = connection.execute(
        f"SELECT *, count(*) AS n FROM ({of} FROM {identifier(name)}) WHERE model IS NOT NULL "
        f"GROUP BY ALL ORDER BY n DESC, model, provider, asked LIMIT {MODELS}"
    ).fetchall()
    return [(provider, str(model), asked, int(n)) for provider, model, asked, n in rows]


def columns_of(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Names and DuckDB types of a table's columns."""
    rows = connection.execute(f"DESCRIBE {identifier(name)}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def drop(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Free a window's table."""
    connection.execute(f"DROP TABLE IF EXISTS {identifier(name)}")


def _path(folder: Path, table: str) -> str:
    return literal(str(folder / f"{table}.parquet"))


def source(table: str, reads: Sequence[Read]) -> str:
    """SELECT of the rows of `table` in all readings, without those of superseded files."""
    parts = []
    for read in reads:
        files = ", ".join(map(literal, read.files))
        parts.append(
            f"SELECT * FROM read_parquet({_path(read.folder, table)}) "
            f"WHERE source_file IN ({files})"
        )
    return " UNION ALL BY NAME ".join(parts)


def _write_raw(
    connection: duckdb.DuckDBPyConnection, reads: Sequence[Read], bounds: tuple[str, str] | None
) -> None:
    """Make the views ``raw_<table>`` that calls and tasks are derived of."""
    for table in RAW:
        near = bounds[1] if bounds and table != "spans" else "true"
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW near_{table} AS "
            f"SELECT * FROM ({source(table, reads)}) WHERE {near}"
        )
    if bounds is None:
        for table in RAW:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW raw_{table} AS FROM near_{table}")
        return
    connection.execute(_KIN.format(inside=bounds[0]))
    for table, condition in _KEPT.items():
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW raw_{table} AS "
            f"SELECT * FROM near_{table} WHERE {condition}"
        )


# what is told inside the window: ids, traces, and the sessions that these belong to
_KIN = """
CREATE OR REPLACE TEMP TABLE kin_ids AS
SELECT DISTINCT id FROM near_llm_calls WHERE {inside} UNION
SELECT call_id FROM near_tool_calls WHERE {inside} AND call_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE begun AS
SELECT trace_id, session_id FROM near_llm_calls WHERE {inside} UNION
SELECT trace_id, session_id FROM near_tool_calls WHERE {inside} UNION
SELECT trace_id, session_id FROM near_events WHERE {inside};
CREATE OR REPLACE TEMP TABLE kin_sessions AS
SELECT session_id FROM begun WHERE session_id IS NOT NULL UNION
SELECT session_id FROM near_spans WHERE session_id IS NOT NULL
AND trace_id IN (SELECT trace_id FROM begun);
CREATE OR REPLACE TEMP TABLE kin_traces AS
SELECT trace_id FROM begun WHERE trace_id IS NOT NULL UNION
SELECT trace_id FROM near_spans WHERE session_id IN (FROM kin_sessions) UNION
SELECT trace_id FROM near_llm_calls
WHERE trace_id IS NOT NULL AND session_id IN (FROM kin_sessions)"""
_SHARED = "trace_id IN (FROM kin_traces) OR session_id IN (FROM kin_sessions)"
_KEPT = {
    "llm_calls": f"id IN (FROM kin_ids) OR {_SHARED}",
    "tool_calls": f"call_id IN (FROM kin_ids) OR {_SHARED}",
    "spans": "trace_id IN (FROM kin_traces)",
    "events": _SHARED,
}

# what was retrieved in a trace (or session), or scored, is told of its last answer: by itself a
# retrieval is no call of a model, and stays a row only where no answer is
_ANSWERS = (
    """WITH retrieved AS (
SELECT coalesce(trace_id, session_id) AS place, sum(documents)::BIGINT AS documents,
max(retrieval_score) AS score, string_agg(document_ids, ' ' ORDER BY "timestamp", id) AS ids
FROM calls WHERE operation = 'retrieval' AND documents IS NOT NULL GROUP BY place),
answers AS (
SELECT coalesce(trace_id, session_id) AS place, arg_max(id, row("timestamp", id)) AS id
FROM calls WHERE operation NOT IN ('retrieval', 'embeddings', 'rerank', 'guardrail')
AND place IS NOT NULL GROUP BY place)
SELECT c.* REPLACE (coalesce(r.documents, c.documents) AS documents,
coalesce(r.ids, c.document_ids) AS document_ids,
coalesce(r.score, c.retrieval_score) AS retrieval_score),
CASE WHEN coalesce(r.documents, c.documents) IS NOT NULL
THEN coalesce(r.documents, c.documents) > 0
WHEN a.id IS NOT NULL AND c.status = 'ok' AND (SELECT count(*) FROM retrieved) > 0 THEN false END
AS has_documents, """
    + SCORED
    + """
FROM calls c LEFT JOIN answers a ON a.id = c.id AND a.place = coalesce(c.trace_id, c.session_id)
LEFT JOIN retrieved r ON r.place = a.place LEFT JOIN scored s ON s.place = a.place
WHERE c.operation <> 'retrieval' OR coalesce(c.trace_id, c.session_id, '')
NOT IN (SELECT place FROM answers)"""
)
# what a row comes to, in one word
_CALLS_TOLD = (
    """SELECT *,
CASE WHEN status <> 'error' THEN 'none'
WHEN http_status = 429 OR regexp_matches(error_class, 'rate.?limit|throttl|quota', 'i')
THEN 'rate_limit'
WHEN http_status IN (408, 504) OR regexp_matches(error_class, 'time.?out', 'i') THEN 'timeout'
WHEN http_status IN (401, 403)
OR regexp_matches(error_class, 'auth|permission|access.?denied', 'i') THEN 'auth'
WHEN finish = 'content_filter' OR regexp_matches(error_class, 'content.?(filter|policy)', 'i')
THEN 'content_filter'
WHEN http_status >= 500 OR regexp_matches(error_class, 'server|unavailable|overload', 'i')
THEN 'server'
WHEN status = 'error' THEN 'other' END AS error_kind,
CASE WHEN status = 'error' OR output_chars IS NULL AND output_hash IS NULL THEN NULL
WHEN coalesce(output_chars, 0) = 0 AND coalesce(tools_called, 0) = 0
AND coalesce(finish, 'stop') = 'stop' AND NOT coalesce(refusal, false) THEN 'empty'
WHEN output_hash IS NOT NULL AND row_number() OVER (PARTITION BY output_hash
ORDER BY "timestamp", id) > 1 THEN 'repeated' ELSE 'own' END AS answer,
CASE WHEN guardrail_verdict IS NOT NULL OR guardrail_action IS NOT NULL THEN
list_concat([{'name': '', 'n': 1, 'hits': 0}], list_transform(list_filter(
string_split(coalesce(guardrail_categories, ''), ' '), lambda name: name <> ''),
lambda name: {'name': name, 'n': 0, 'hits': 1})) END AS category_counts,
CASE WHEN guardrail_action IN ('blocked', 'masked', 'intervened') THEN guardrail_action
WHEN guardrail_verdict = 'detected' THEN 'detected'
WHEN guardrail_verdict IS NOT NULL OR guardrail_action IS NOT NULL THEN 'clear' END AS guardrail,
CASE WHEN finish <> 'error' THEN finish END AS ending,
CASE WHEN refusal IS NOT NULL THEN refusal WHEN finish <> 'error' THEN finish = 'refusal' END
AS is_refused, retries > 0 AS is_retried, cache_read_tokens > 0 AS uses_cache,
CASE WHEN notes LIKE '%negative_latency%' THEN true WHEN latency_ms IS NOT NULL THEN false END
AS is_negative_latency,
CASE WHEN documents > 0 THEN 'found' WHEN documents = 0 THEN 'empty' END AS retrieval,
CASE WHEN documents > 0 THEN list_concat(
[{'name': '', 'n': len(string_split(document_ids, ' ')), 'hits': 0}],
list_transform(string_split(document_ids, ' '),
lambda one: {'name': one, 'n': 0, 'hits': 1})) END AS document_counts
FROM ("""
    + _ANSWERS
    + ")"
)
# one text of a user, or of a session if nobody is told apart by it: what one person writes is
# alike; the words of the window stand beside a single one of its rows
_ASKED = """SELECT * EXCLUDE (copies, apart) REPLACE (CASE WHEN row_number() OVER (PARTITION BY
topic IS NULL, coalesce(CASE WHEN apart THEN end_user END, session_id, trace_id, id)
ORDER BY "timestamp", id) = 1 THEN topic END AS topic),
CASE WHEN row_number() OVER (ORDER BY copies, "timestamp", id) = 1 THEN (FROM counted_terms) END
AS term_counts FROM (SELECT *, count(*) OVER (PARTITION BY id) AS copies,
min(end_user) OVER () <> max(end_user) OVER () AS apart FROM ({told}) WHERE {inside})"""
_TERMS = """CREATE OR REPLACE TEMP TABLE counted_terms AS
SELECT list({{'name': term, 'n': CASE WHEN term = '' THEN n ELSE 0 END,
'hits': CASE WHEN term = '' THEN 0 ELSE n END}} ORDER BY term) AS term_counts
FROM (SELECT term, sum(n)::BIGINT AS n FROM ({terms}) WHERE {inside} GROUP BY term)"""

_TASKS_TOLD = """SELECT tasks.*,
CASE WHEN failures > 0 OR regexp_matches(outcome, 'fail|error|exit_|abort|cancel|time.?out', 'i')
OR last_finish IN ('error', 'content_filter', 'guardrail', 'context_window', 'malformed_tool',
'length') THEN 'failed' WHEN is_loop THEN 'loop' WHEN last_finish = 'tool_calls'
AND outcome IS NULL THEN 'unfinished' ELSE 'ended' END AS state,
CASE WHEN tool_calls = 0 THEN NULL WHEN tool_errors >= 3 THEN 'many' WHEN tool_errors > 0
THEN 'some' ELSE 'none' END AS tool_trouble,
invalid_arguments > 0 OR reprompts > 0 AS is_malformed,
delegation_depth > {deep} AS is_deep, {others} AS uses_other_tools, tool_counts,
coalesce(uses_decoy, false) AS uses_decoy, is_unapproved, sends_tainted, coalesce(sends, 0) AS sends
FROM tasks LEFT JOIN behaviour ON behaviour.task = tasks.id LEFT JOIN (
SELECT task, list({{'name': tool, 'n': n, 'hits': failed}} ORDER BY tool) AS tool_counts FROM (
SELECT coalesce(session_id, trace_id) AS task, tool, count(*) AS n,
count(*) FILTER (NOT ok) AS failed FROM tools WHERE ok IS NOT NULL GROUP BY ALL)
WHERE task IS NOT NULL GROUP BY task) AS counted ON counted.task = tasks.id"""
_OTHER_TOOLS = """id IN (SELECT coalesce(session_id, trace_id) FROM tools
WHERE coalesce(session_id, trace_id) IS NOT NULL AND tool NOT IN ({tools}))"""
