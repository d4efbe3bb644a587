"""Calls that a guardrail looked at: what it saw, what became of it; and other flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows

# categories of attacks on prompts, as Bedrock and Azure call them
ATTACKS = "(?i)prompt.?attack|jailbreak|indirect.?attack|injection"


def count_flags(rows: Rows, columns: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of each column of yes and no: rows that say either, and rows that say yes."""
    flags = [f"{identifier(column)}::BOOLEAN" for column in columns]
    counts = ", ".join(f"count({flag}), count(*) FILTER ({flag})" for flag in flags)
    found = rows.log.query(f"SELECT {counts} FROM ({rows.statement})")[0]
    pairs = zip(found[::2], found[1::2], strict=True)
    return {name: (int(n), int(k)) for name, (n, k) in zip(columns, pairs, strict=True)}


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
