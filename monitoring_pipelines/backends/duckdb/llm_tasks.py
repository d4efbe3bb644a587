"""One row per task of an agent, or per session: steps, tools, repeats, tokens and cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.path_date import NOTE

if TYPE_CHECKING:
    import duckdb

# the same call so often in one task is a loop
LOOP = 3
# short answers ("yes", a class) may well be the same; of so many characters they are a loop
LONG = 100
# agents that call one another deeper than this are told
DEEP = 3
# so many different tools are told of a task's path
PATH = 6


def write_tasks(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `tasks` (a temporary table) of `calls` and `tools`, and of ``raw_events``.

    A task is a session; calls that name none belong to the task of their trace; calls with
    neither are no task. `steps` are calls of models. Of tools, those that were run are counted,
    or those asked for if the log knows no run. `repeats` is how often the most repeated call,
    by tool and arguments, was made, `same_answers` how often a trace gave the same long answer.
    `delegation_depth` is how many agents stood one above another, `fan_out` how many different
    ones one of them called; None if no agent is named. Rows with the same id count once.
    `model` names the models, `last_finish` is why the last call ended, `path` the tools in the
    order in which they were first used, at most six.
    """
    connection.execute(_TASKS)


_TASKS = f"""CREATE OR REPLACE TEMP TABLE tasks AS
WITH steps AS (
SELECT coalesce(session_id, trace_id) AS task,
min("timestamp") AS "timestamp",
max("timestamp" + to_microseconds((coalesce(latency_ms, 0) * 1000)::BIGINT)) AS last,
bool_or(contains(coalesce(notes, ''), '{NOTE}')) AS is_of_path,
count(*) FILTER (NOT is_total AND operation NOT IN ('guardrail', 'retrieval')) AS steps,
sum(input_tokens)::BIGINT AS input_tokens, sum(output_tokens)::BIGINT AS output_tokens,
sum(cache_read_tokens)::BIGINT AS cache_read_tokens,
sum(cost_usd) AS cost_usd, count(*) FILTER (price_status = 'unpriced') AS unpriced,
sum(logged_cost_usd) AS logged_cost_usd,
count(*) FILTER (status = 'error') AS errors, count(*) FILTER (refusal) AS refusals,
count(*) FILTER (finish = 'length') AS truncated,
count(*) FILTER (guardrail_action IN ('blocked', 'masked', 'intervened')) AS guarded,
string_agg(DISTINCT agent, ' ' ORDER BY agent) AS agents,
nullif(count(DISTINCT agent), 0) AS n_agents, max(agent_depth) AS delegation_depth,
string_agg(DISTINCT model, ' ' ORDER BY model) AS model,
arg_max(prompt_version, "timestamp") AS prompt_version,
arg_max(prompt_hash, "timestamp") AS prompt_hash,
arg_max(coalesce(finish, ''), row("timestamp", id)) AS last_finish
FROM (SELECT DISTINCT ON (id) * FROM calls) GROUP BY task),
ran AS (
SELECT coalesce(session_id, trace_id) AS task, * EXCLUDE (executed),
executed OR NOT bool_or(executed) OVER (PARTITION BY coalesce(session_id, trace_id)) AS counts
FROM (SELECT DISTINCT ON (coalesce(span_id, ''), trace_id, call_id, tool_call_id, tool, ord,
executed) * FROM tools)),
same AS (
SELECT task, tool, args_hash, count(*) AS n FROM ran WHERE counts AND args_hash IS NOT NULL
GROUP BY ALL),
used AS (
SELECT task, count(*) AS tool_calls, count(DISTINCT tool) AS tools,
count(*) FILTER (ok = false) AS tool_errors,
count(*) FILTER (args_valid = false) AS invalid_arguments,
min("timestamp") AS "timestamp"
FROM ran WHERE counts GROUP BY task),
first AS (
SELECT task, tool, min(row("timestamp", ord)) AS began FROM ran WHERE counts GROUP BY ALL),
paths AS (SELECT task, array_to_string(list(tool ORDER BY began)[:{PATH}], ' > ') AS path
FROM first GROUP BY task),
called AS (SELECT task, max(n) AS fan_out FROM (
SELECT coalesce(session_id, trace_id) AS task, count(DISTINCT agent) AS n
FROM calls WHERE caller IS NOT NULL GROUP BY task, caller) GROUP BY task),
repeated AS (SELECT task, max(n) AS repeats FROM same GROUP BY task),
said AS (SELECT task, max(n) AS same_answers FROM (
SELECT coalesce(session_id, trace_id) AS task, count(*) AS n FROM (SELECT DISTINCT ON (id) * FROM
calls) WHERE output_hash IS NOT NULL AND output_chars >= {LONG} AND NOT is_total
AND operation NOT IN ('guardrail', 'retrieval') GROUP BY task, trace_id, output_hash)
GROUP BY task),
ended AS (
SELECT coalesce(session_id, trace_id) AS task,
any_value(status) FILTER (kind = 'outcome') AS outcome,
count(*) FILTER (kind = 'reprompt') AS reprompts, count(*) FILTER (kind = 'failure') AS failures
FROM (SELECT DISTINCT ON (id) * FROM raw_events)
WHERE kind IN ('outcome', 'reprompt', 'failure', 'finish', 'invocation') GROUP BY task)
SELECT task AS id, coalesce(s."timestamp", u."timestamp") AS "timestamp",
CASE WHEN NOT s.is_of_path THEN date_diff('millisecond', s."timestamp", s.last)::DOUBLE END
AS duration_ms,
coalesce(s.steps, 0) AS steps, coalesce(u.tool_calls, 0) AS tool_calls,
coalesce(u.tools, 0) AS tools, coalesce(u.tool_errors, 0) AS tool_errors,
coalesce(u.invalid_arguments, 0) AS invalid_arguments, coalesce(r.repeats, 0) AS repeats,
a.same_answers, greatest(r.repeats, a.same_answers, 0) >= {LOOP} AS is_loop,
s.input_tokens, s.output_tokens, s.cache_read_tokens, s.cost_usd, s.unpriced, s.logged_cost_usd,
s.errors, s.refusals, s.truncated, s.guarded, s.agents, s.n_agents,
s.delegation_depth, CASE WHEN s.delegation_depth > 0 THEN coalesce(c.fan_out, 0) END AS fan_out,
s.model, s.prompt_version, s.prompt_hash, nullif(s.last_finish, '') AS last_finish, p.path,
e.outcome, coalesce(e.reprompts, 0) AS reprompts, coalesce(e.failures, 0) AS failures
FROM steps s FULL JOIN used u USING (task) FULL JOIN ended e USING (task)
LEFT JOIN repeated r USING (task) LEFT JOIN called c USING (task)
LEFT JOIN said a USING (task) LEFT JOIN paths p USING (task) WHERE task IS NOT NULL"""
