"""The log against the bill."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.reconciliation import judge_reconciliation


@pytest.mark.parametrize(
    ("logged", "billed", "verdict", "word"),
    [
        (1000, 1000, "ok", "1,000 of 1,000"),
        (901, 1000, "ok", ""),
        (899, 1000, "warn", "10% were used by calls that are not in it"),
        (1150, 1000, "warn", "15% too many"),
        (0, 1000, "warn", "100% were used"),
        (5, 0, "unknown", "counted nothing"),
    ],
)
def test_verdicts(logged: int, billed: int, verdict: str, word: str) -> None:
    judged = judge_reconciliation(logged, billed)
    assert judged.verdict.value == verdict
    assert word in judged.reason
