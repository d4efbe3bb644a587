"""Records that could not be read become a verdict when they are many."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.judgement import Share
from monitoring_pipelines.checks.quarantine import judge_quarantine


@pytest.mark.parametrize(
    ("bad", "of", "verdict"),
    [
        (0, 0, "unknown"),
        (0, 5, "ok"),
        (1, 100, "ok"),
        (2, 100, "warn"),
        (10, 100, "warn"),
        (11, 100, "fail"),
        (1, 1, "fail"),
    ],
)
def test_a_share_and_its_verdict(bad: int, of: int, verdict: str) -> None:
    assert judge_quarantine(Share(bad, of)).verdict.value == verdict


def test_the_sentence_has_the_numbers_and_the_place() -> None:
    reason = judge_quarantine(Share(20, 1000)).reason
    assert reason.startswith("20 of 1,000 records (2.00%) could not be read (tolerance 1%)")
    assert "`quarantine`" in reason
