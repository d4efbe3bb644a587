"""Scores of what was answered in a trace, beside its last answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def write_scores(connection: duckdb.DuckDBPyConnection, scores: str) -> None:
    """Make `scored` (a temporary table) of the SELECT `scores`, and of `calls`: a row per trace.

    `places` tell the traces of spans.
    A trace has one score of each name, the mean of several: what was scored together is no more
    than one opinion. A score that was read twice counts once, as it was written last. One that
    names a span alone is of its trace; if the span is of several, of none.
    """
    connection.execute(_SCORED.format(scores=scores))


_SCORED = """CREATE OR REPLACE TEMP TABLE scored AS
WITH of_spans AS (SELECT span_id, any_value(trace_id) AS trace_id FROM places GROUP BY span_id
HAVING count(DISTINCT trace_id) = 1),
latest AS (SELECT DISTINCT ON (id) * FROM ({scores}) ORDER BY id, "timestamp" DESC NULLS LAST),
own AS (SELECT l.* REPLACE (coalesce(l.trace_id, o.trace_id) AS trace_id)
FROM latest l LEFT JOIN of_spans o ON o.span_id = l.span_id
WHERE coalesce(l.trace_id, o.trace_id) IN (SELECT trace_id FROM calls)),
named AS (SELECT trace_id, list({{'name': name, 'x': x}} ORDER BY name) AS given,
list({{'name': name, 'n': 0, 'hits': 1}} ORDER BY name) AS names FROM (
SELECT trace_id, name, avg(value) AS x FROM own GROUP BY ALL) GROUP BY trace_id),
judged AS (SELECT trace_id, list({{'name': judge, 'n': 0, 'hits': 1}} ORDER BY judge) AS judges
FROM (SELECT DISTINCT trace_id, name || ': ' || judge AS judge FROM own WHERE judge IS NOT NULL)
GROUP BY trace_id)
SELECT trace_id AS place, given, names, judges FROM named LEFT JOIN judged USING (trace_id)"""
# columns of an answer (`a`) and of what its trace was given (`s`)
SCORED = """s.given AS score_values,
CASE WHEN a.id IS NOT NULL THEN
list_concat([{'name': '', 'n': 1, 'hits': 0}], coalesce(s.names, [])) END AS score_counts,
CASE WHEN s.judges IS NOT NULL THEN
list_concat([{'name': '', 'n': 1, 'hits': 0}], s.judges) END AS judge_counts"""
