"""Calls that a guardrail looked at: what it saw, what became of it, and what its trace keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.rows import Rows

# categories of attacks on prompts, as Bedrock and Azure call them
ATTACKS = "(?i)prompt.?attack|jailbreak|indirect.?attack|injection"


def count_raw(rows: Rows, column: str) -> tuple[int, int]:
    """Calls with the trace of a guardrail, and those where it holds what the guardrail hid."""
    raw = f"{identifier(column)}::BOOLEAN"
    traced, some = rows.log.query(
        f"SELECT count({raw}), count(*) FILTER ({raw}) FROM ({rows.statement})"
    )[0]
    return int(traced), int(some)


def count_guarded(rows: Rows, roles: Mapping[str, str]) -> tuple[int, int, int]:
    """Calls with a verdict; those where it `detected` something; attacks that were answered."""
    verdict = f"{identifier(roles['guardrail_verdict'])}::VARCHAR"
    detected = f"{verdict} = 'detected'"
    answered, values = "false", []
    if {"guardrail_action", "guardrail_categories"} <= {*roles}:
        action = f"{identifier(roles['guardrail_action'])}::VARCHAR"
        kinds = f"{identifier(roles['guardrail_categories'])}::VARCHAR"
        answered, values = f"{action} = 'none' AND regexp_matches({kinds}, ?)", [ATTACKS]
        if "refusal" in roles:
            answered += f" AND NOT coalesce({identifier(roles['refusal'])}::BOOLEAN, false)"
    seen, some, got = rows.log.query(
        f"SELECT count({verdict}), count(*) FILTER ({detected}), "
        f"count(*) FILTER ({detected} AND {answered}) FROM ({rows.statement})",
        values,
    )[0]
    return int(seen), int(some), int(got)
