"""What tasks did with their tools that security asks about: decoys, approvals, where they sent.

Attacks on agents have no words that give them away; what they make an agent do has. A place that
no person named, that came out of a tool and then goes into one that sends is such a sign.

References
----------
MITRE ATLAS AML.T0086 (exfiltration by tools of an agent) and AML.M0030.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

# a tool that says by its name that it sends; words that are nouns, too, have to come first
SENDS = (
    r"(^|[^a-z])(send|reply|forward|publish|upload|share|invite|notify|transfer|webhook)([^a-z]|$)"
    r"|(^|__|[./:])(post|email|mail|text|pay|wire|submit|export)([^a-z]|$)"
)
_WORDS = r"lower(regexp_replace(tool, '([a-z0-9])([A-Z])', '\1_\2', 'g'))"


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Names of tools. Without `egress` those send whose names say so (`SENDS`).

    `approvals` are tools whose success is an approval of what comes after it in the task.
    """

    decoys: tuple[str, ...] = ()
    egress: tuple[str, ...] | None = None
    requires_approval: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()

    @property
    def sends(self) -> str:
        """SQL of whether `tool` sends something out."""
        if self.egress is None:
            return f"regexp_matches({_WORDS}, {literal(SENDS)})"
        return _one_of(self.egress)


PLAIN = Toolbox()


def write_behaviour(connection: duckdb.DuckDBPyConnection, toolbox: Toolbox) -> None:
    """Make `behaviour` (a temporary table) of `calls` and `tools`: one row per task with tools.

    `uses_decoy` is whether it called one. `is_unapproved` is whether a tool that needs an approval
    was used without any before it; None if it used none. `sends` counts its calls of tools
    that send to some place. `sends_tainted` is whether one of these places was in what a tool gave
    back before and in nothing that people wrote until then; None if it sent nothing, or if the log
    tells neither who said what nor what tools gave back.
    """
    connection.execute(
        _BEHAVIOUR.format(
            decoy=_one_of(toolbox.decoys),
            sends=toolbox.sends,
            grave=_one_of(toolbox.requires_approval),
            approval=_one_of(toolbox.approvals),
        )
    )


def new_places(
    connection: duckdb.DuckDBPyConnection,
    tool_calls: str,
    toolbox: Toolbox,
    within: Sequence[datetime],
) -> float | None:
    """Hosts, domains and accounts that were sent to between the last two of three instants.

    Only those count that were sent to in no call between the first two; None if none was made then.
    `tool_calls` is a SELECT of the rows of readers.
    """
    since, start, end = (f"TIMESTAMPTZ '{moment.isoformat()}'" for moment in within)
    (found,) = connection.execute(
        f"SELECT count(*) FILTER (first >= {start}), count(*) FILTER (first < {start}) FROM "
        "(SELECT substr(place, 3), min(began) AS first FROM "
        f'(SELECT "timestamp" AS began, {_PLACES.format("destinations")} FROM ({tool_calls}) '
        f"WHERE {toolbox.sends} AND destinations <> '' "
        f'AND "timestamp" >= {since} AND "timestamp" < {end}) '
        "WHERE place NOT LIKE 'e.%' GROUP BY ALL)"
    ).fetchall()
    new, known = found
    return float(new) if known else None


def _one_of(names: tuple[str, ...]) -> str:
    return f"tool IN ({', '.join(map(literal, names))})" if names else "false"


_PLACES = "unnest(string_split({0}, ' ')) AS place"
_BEHAVIOUR = f"""CREATE OR REPLACE TEMP TABLE behaviour AS
WITH used AS (
SELECT coalesce(session_id, trace_id) AS task, "timestamp" AS began, tool, ord, executed, ok,
destinations, result_places,
"timestamp" + to_microseconds(greatest(coalesce(latency_ms, 0) * 1000, 1)::BIGINT) AS done,
{{decoy}} AS is_decoy, {{sends}} AS sends, {{grave}} AS is_grave, {{approval}} AS is_approval
FROM tools WHERE coalesce(session_id, trace_id) IS NOT NULL),
said AS (
SELECT coalesce(session_id, trace_id) AS task, "timestamp" AS began, user_places, tool_places
FROM calls WHERE coalesce(session_id, trace_id) IS NOT NULL),
sent AS (SELECT task, began, {_PLACES.format("destinations")} FROM used
WHERE sends AND destinations <> ''),
came AS (SELECT task, done AS began, {_PLACES.format("result_places")} FROM used
WHERE result_places <> '' UNION ALL
SELECT task, began, {_PLACES.format("tool_places")} FROM said WHERE tool_places <> ''),
named AS (SELECT task, min(began) AS began, place FROM (
SELECT task, began, {_PLACES.format("user_places")} FROM said WHERE user_places <> '')
GROUP BY task, place),
tainted AS (
SELECT DISTINCT sent.task FROM sent JOIN came
ON came.task = sent.task AND came.place = sent.place AND came.began <= sent.began
LEFT JOIN named ON named.task = sent.task AND named.place = sent.place AND named.began <= sent.began
WHERE named.place IS NULL AND sent.place NOT LIKE 'd.%'),
heard AS (SELECT task FROM said WHERE user_places IS NOT NULL INTERSECT
(SELECT task FROM used WHERE result_places IS NOT NULL UNION
SELECT task FROM said WHERE tool_places IS NOT NULL)),
steps AS (SELECT task, is_grave, count(*) FILTER (is_approval AND coalesce(ok, true)) OVER (
PARTITION BY task ORDER BY began, ord ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS approvals
FROM (SELECT * FROM used QUALIFY executed OR NOT bool_or(executed) OVER (PARTITION BY task)))
SELECT u.task, bool_or(u.is_decoy) AS uses_decoy,
count(*) FILTER (u.sends AND u.destinations <> '') AS sends,
CASE WHEN bool_or(u.sends AND u.destinations <> '') AND u.task IN (FROM heard)
THEN u.task IN (FROM tainted) END AS sends_tainted,
bool_or(g.is_unapproved) AS is_unapproved
FROM used u LEFT JOIN (SELECT task, bool_or(approvals = 0) AS is_unapproved FROM steps
WHERE is_grave GROUP BY task) g USING (task) GROUP BY u.task"""
