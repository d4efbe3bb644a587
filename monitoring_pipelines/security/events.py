"""Judgements for which one hit is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.signal import Found

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts, TextColumn

NO_TEXT = "no text to look at"


def any_of(facts: Facts, scanner: str, column: TextColumn) -> Found:
    """`fail` if a scanner found anything in a column; the kinds and their counts are told."""
    now, _ = facts.occurrences(scanner, column.name)
    if now is None or not now.n:
        return Found(judgement=Judgement(Verdict.UNKNOWN, NO_TEXT), column=column.name)
    # the same text may hold several kinds
    most = max(now.counts.values(), default=0)
    if most:
        told = ", ".join(f"{kind.replace('_', ' ')} in {n:,}" for kind, n in now.counts.items())
        judgement = Judgement(Verdict.FAIL, f"{told} of {now.n:,} texts")
    else:
        judgement = Judgement(Verdict.OK, f"none in {now.n:,} texts")
    return Found(judgement=judgement, column=column.name, n=now.n, value=most / now.n)
