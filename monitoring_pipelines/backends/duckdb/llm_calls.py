"""Calls of models and tools as they were: halves merged, wrappers left out, prices set.

The rows that readers write tell everything they saw. A span that wraps another repeats its
tokens, a record may be split over several, and a session may be named on one span only. What is
written here counts each call once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

    Rates = Callable[
        [str | None, tuple[str | None, ...], str | None, int],
        tuple[float, float, float, float] | None,
    ]

# a trace deeper than this is a circle
DEPTH = 64
_SUMMED = {"input_chars", "output_chars"}
_HAS_USAGE = "(coalesce(input_tokens, 0) + coalesce(output_tokens, 0) > 0)"


def view_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Look at the Parquet files that a reading left in `folder` as ``raw_<table>``."""
    for table in ("llm_calls", "tool_calls", "spans", "events"):
        path = literal(str(folder / f"{table}.parquet"))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW raw_{table} AS FROM read_parquet({path})")


def write_calls(
    connection: duckdb.DuckDBPyConnection, rates: Rates, brackets: tuple[int, ...]
) -> None:
    """Make `calls` and `tools` (temporary tables) of the views ``raw_<table>``.

    ``rates(provider, (served, requested), tier, prompt tokens)`` gives US dollars per token of a
    prompt (new, from the cache, into the cache) and of an answer, or None; `brackets` are the
    prompt sizes at which it may change.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE whole AS {_merged(connection, 'raw_llm_calls', 'id')}"
    )
    connection.execute(_PLACES)
    connection.execute(_ABOVE)
    connection.execute(_COUNTED)
    connection.execute(_NESTED)
    _write_rates(connection, rates, brackets)
    connection.execute(_CALLS.format(bracket=_bracket(brackets)))
    tools = _merged(connection, "raw_tool_calls", "tool_call_id")
    connection.execute(_TOOLS.format(tools=tools))


def overclaimed(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int]]:
    """Wrappers that claim more tokens than the calls below them: (trace, span, claimed, counted).

    Their calls are counted, so what they claim beyond is missing from the sums: a call that was
    not traced, or a wrapper that counts otherwise.
    """
    rows = connection.execute(
        f"""SELECT w.trace_id, w.span_id, any_value({_tokens("w")})::BIGINT AS claimed,
        sum({_tokens("c")})::BIGINT AS counted
        FROM whole w JOIN above a ON a.trace_id = w.trace_id AND a.ancestor = w.span_id
        JOIN (SELECT DISTINCT ON (id) * FROM whole SEMI JOIN counted USING (id)) c ON c.id = a.id
        WHERE w.id NOT IN (SELECT id FROM counted) GROUP BY ALL HAVING claimed > counted
        ORDER BY ALL"""
    ).fetchall()
    return [(str(trace), str(span), int(n), int(m)) for trace, span, n, m in rows]


def _tokens(alias: str) -> str:
    return f"coalesce({alias}.input_tokens, 0) + coalesce({alias}.output_tokens, 0)"


def _merged(connection: duckdb.DuckDBPyConnection, view: str, key: str) -> str:
    """SQL of a view in which the parts of one record are one row."""
    described = connection.execute(f"DESCRIBE {view}").fetchall()
    chosen = []
    for name, dtype, *_ in described:
        column = identifier(name)
        if name == key:
            value = column
        elif name == "tool":
            value = "coalesce(max(tool) FILTER (tool <> ''), 'unknown')"
        elif name in _SUMMED:
            # a long message is split over its rows; the gateway's own row has all of it
            value = f"coalesce(sum({column}) FILTER (part >= 0)::BIGINT, max({column}))"
        elif name in {"timestamp", "part"}:
            value = f"min({column})"
        elif name == "is_total":
            value = "bool_and(is_total)"
        elif dtype in {"BIGINT", "DOUBLE"}:
            value = f"max({column})"
        else:
            value = f"any_value({column} ORDER BY part)"
        chosen.append(f"{value} AS {column}")
    return (
        f"SELECT * FROM {view} WHERE part IS NULL UNION ALL SELECT {', '.join(chosen)} FROM "
        f"(SELECT DISTINCT ON ({key}, part) * FROM {view} WHERE part IS NOT NULL) GROUP BY {key}"
    )


_PLACES = """CREATE OR REPLACE TEMP TABLE places AS
SELECT trace_id, span_id, any_value(parent_id) AS parent_id, any_value(session_id) AS session_id,
any_value(agent) AS agent FROM raw_spans GROUP BY trace_id, span_id"""

# every span above a call, nearest first
_ABOVE = f"""CREATE OR REPLACE TEMP TABLE above AS
WITH RECURSIVE up(id, trace_id, ancestor, depth) AS (
SELECT DISTINCT id, trace_id, parent_id, 1 FROM whole
WHERE trace_id IS NOT NULL AND parent_id IS NOT NULL
UNION ALL
SELECT up.id, up.trace_id, p.parent_id, depth + 1 FROM up
JOIN places p ON p.trace_id = up.trace_id AND p.span_id = up.ancestor
WHERE p.parent_id IS NOT NULL AND depth < {DEPTH})
SELECT * FROM up"""

# usage counts at the deepest span that has it; a call without usage counts unless it wraps a
# call, or is wrapped by one that counts; of retrievals the outermost counts, which has the result
_COUNTED = f"""CREATE OR REPLACE TEMP TABLE counted AS
WITH used AS (
SELECT * FROM whole w WHERE {_HAS_USAGE} AND NOT EXISTS (
FROM above a JOIN whole c ON c.id = a.id
WHERE a.trace_id = w.trace_id AND a.ancestor = w.span_id AND a.id <> w.id
AND {_HAS_USAGE.replace("input", "c.input").replace("output", "c.output")}))
SELECT id FROM used
UNION
SELECT id FROM whole w WHERE operation = 'retrieval' AND NOT EXISTS (
FROM above a JOIN whole r ON r.trace_id = a.trace_id AND r.span_id = a.ancestor
WHERE a.id = w.id AND a.id <> r.id AND r.operation = 'retrieval')
UNION
SELECT id FROM whole w WHERE NOT {_HAS_USAGE} AND NOT is_total AND operation <> 'retrieval'
AND NOT EXISTS (FROM above a JOIN whole c ON c.id = a.id
WHERE a.trace_id = w.trace_id AND a.ancestor = w.span_id AND a.id <> w.id
AND NOT c.is_total AND c.operation <> 'retrieval')
AND NOT EXISTS (FROM above a JOIN used u ON u.trace_id = a.trace_id AND u.span_id = a.ancestor
WHERE a.id = w.id AND NOT u.is_total)"""

# agents above one another, from a call upwards; a span that repeats the name of its agent is no
# further one
_NESTED = """CREATE OR REPLACE TEMP TABLE nested AS
WITH told AS (SELECT id, agent, 0 AS depth FROM whole UNION ALL
SELECT a.id, p.agent, a.depth FROM above a
JOIN places p ON p.trace_id = a.trace_id AND p.span_id = a.ancestor),
one AS (SELECT * FROM told WHERE agent IS NOT NULL
QUALIFY agent IS DISTINCT FROM lag(agent) OVER (PARTITION BY id ORDER BY depth))
SELECT id, count(*) AS agent_depth, list(agent ORDER BY depth)[2] AS caller FROM one GROUP BY id"""

_CALLS = """CREATE OR REPLACE TEMP TABLE calls AS
WITH named AS (
SELECT a.id, arg_min(p.session_id, a.depth) FILTER (p.session_id IS NOT NULL) AS session_id,
arg_min(p.agent, a.depth) FILTER (p.agent IS NOT NULL) AS agent
FROM above a JOIN places p ON p.trace_id = a.trace_id AND p.span_id = a.ancestor GROUP BY a.id),
traces AS (SELECT trace_id, min(session_id) AS session_id FROM places GROUP BY trace_id)
SELECT c.* EXCLUDE (part) REPLACE (
coalesce(c.session_id, n.session_id, t.session_id) AS session_id,
coalesce(c.agent, n.agent) AS agent,
coalesce(c.agent_depth, d.agent_depth) AS agent_depth, coalesce(c.caller, d.caller) AS caller),
CASE WHEN c.input_tokens IS NULL AND c.output_tokens IS NULL THEN NULL ELSE
r.fresh * greatest(coalesce(c.input_tokens, 0) - coalesce(c.cache_read_tokens, 0)
- coalesce(c.cache_write_tokens, 0), 0)
+ r.cache_read * coalesce(c.cache_read_tokens, 0)
+ r.cache_write * coalesce(c.cache_write_tokens, 0)
+ r.output * coalesce(c.output_tokens, 0) END AS cost_usd,
CASE WHEN c.input_tokens IS NULL AND c.output_tokens IS NULL THEN 'no_tokens'
WHEN r.fresh IS NULL THEN 'unpriced' ELSE 'priced' END AS price_status
FROM whole c SEMI JOIN counted k ON k.id = c.id
LEFT JOIN named n ON n.id = c.id LEFT JOIN nested d ON d.id = c.id
LEFT JOIN traces t ON t.trace_id = c.trace_id
LEFT JOIN rates r ON r.provider IS NOT DISTINCT FROM c.provider
AND r.model IS NOT DISTINCT FROM c.model
AND r.model_requested IS NOT DISTINCT FROM c.model_requested
AND r.tier IS NOT DISTINCT FROM c.tier AND r.bracket = {bracket}"""

# what a wrapper asked for, the call below it asked for too
_TOOLS = """CREATE OR REPLACE TEMP TABLE tools AS
WITH traces AS (SELECT trace_id, min(session_id) AS session_id FROM places GROUP BY trace_id)
SELECT t.* EXCLUDE (part) REPLACE (
coalesce(t.session_id, c.session_id, s.session_id) AS session_id,
coalesce(t.trace_id, c.trace_id) AS trace_id,
coalesce(t.agent, c.agent) AS agent)
FROM ({tools}) t
LEFT JOIN (SELECT DISTINCT ON (id) id, session_id, trace_id, agent FROM calls) c
ON c.id = t.call_id
LEFT JOIN traces s ON s.trace_id = t.trace_id
WHERE t.executed OR c.id IS NOT NULL"""


def _bracket(brackets: tuple[int, ...]) -> str:
    """SQL of a prompt size that stands for all sizes of its bracket."""
    cases = [f"CASE WHEN input_tokens > {int(b)} THEN {int(b) + 1} ELSE 0 END" for b in brackets]
    return f"greatest({', '.join(['0', *cases])})"


def _write_rates(
    connection: duckdb.DuckDBPyConnection, rates: Rates, brackets: tuple[int, ...]
) -> None:
    """Ask for the rates of each kind of call once."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE rates (provider VARCHAR, model VARCHAR, "
        "model_requested VARCHAR, tier VARCHAR, bracket BIGINT, fresh DOUBLE, cache_read DOUBLE, "
        "cache_write DOUBLE, output DOUBLE)"
    )
    kinds = connection.execute(
        f"SELECT DISTINCT provider, model, model_requested, tier, {_bracket(brackets)} FROM whole "
        "SEMI JOIN counted USING (id)"
    ).fetchall()
    found = []
    for provider, model, requested, tier, bracket in kinds:
        if (rate := rates(provider, (model, requested), tier, bracket)) is not None:
            found.append((provider, model, requested, tier, bracket, *rate))
    if found:
        connection.executemany("INSERT INTO rates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", found)
