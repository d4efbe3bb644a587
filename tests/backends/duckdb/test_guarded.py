"""Verdicts of a guardrail, counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from monitoring_pipelines.backends.duckdb.guarded import count_flags, count_guarded
from tests.backends.duckdb.test_texts import rows

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pd.DataFrame(
    {
        "verdict": ["clear", "detected", "detected", "detected", "detected", None],
        "action": ["none", "none", "blocked", "none", "none", "none"],
        "kinds": ["", "PROMPT_ATTACK", "PROMPT_ATTACK", "VIOLENCE", "jailbreak", "PROMPT_ATTACK"],
        "refused": [False, False, False, False, True, False],
    }
)
ROLES = {"guardrail_verdict": "verdict", "guardrail_action": "action",
         "guardrail_categories": "kinds", "refusal": "refused"}  # fmt: skip


def test_what_was_seen_and_what_was_answered(tmp_path: Path) -> None:
    found = rows(tmp_path, FRAME)
    # the second was answered; the others were blocked, no attack, or refused
    assert count_guarded(found, ROLES) == (5, 4, 1)
    assert count_guarded(found, {"guardrail_verdict": "verdict"}) == (5, 4, 0)
    without = {role: name for role, name in ROLES.items() if role != "refusal"}
    assert count_guarded(found, without) == (5, 4, 2)


def test_flags_and_those_that_are_set(tmp_path: Path) -> None:
    raw = pd.DataFrame({"raw": pd.array([True, False, None, True], dtype="boolean")})
    assert count_flags(rows(tmp_path, raw), ["raw"]) == {"raw": (3, 2)}
