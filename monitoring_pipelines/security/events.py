"""Judgements of what a scanner found: one hit is enough, or more of them than usual."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.signal import Found

if TYPE_CHECKING:
    from collections.abc import Callable

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


def new_or_risen(
    facts: Facts, scanner: str, column: TextColumn, kind: str, tolerance: float
) -> Found:
    """`fail` if there are hits of a `kind` and no earlier window had one; else judge their rise."""
    now, usual = facts.occurrences(scanner, column.name)
    before = usual.counts if usual is not None else {}
    if now is None or not now.counts.get(kind) or before.get(kind):
        return risen(facts, scanner, column, kind, tolerance)
    found = any_of(facts, scanner, column)
    reason = found.judgement.reason
    if usual is not None and usual.n:
        reason += (
            f"; no {kind} in {usual.n:,} before"
            if any(before.values())
            else (f", none in {usual.n:,} before")
        )
    return replace(
        found,
        judgement=Judgement(found.judgement.verdict, reason),
        value=now.counts[kind] / now.n,
        tolerance=tolerance,
    )


def needs_roles(*roles: str) -> Callable[[Facts], str]:
    """What keeps a signal from looking: roles that no column plays."""

    def missing(facts: Facts) -> str:
        absent = [role for role in roles if role not in facts.roles]
        return ", ".join(f"security.columns.{role}" for role in absent)

    return missing


def needs(
    roles: frozenset[str], column: str, declared: str = "", key: str = ""
) -> Callable[[Facts], str]:
    """What keeps a signal from looking: no `column` in one of these `roles`, or an absent `key`."""

    def missing(facts: Facts) -> str:
        absent = [] if facts.reads(roles) else [column]
        absent += [key] if declared and declared not in facts.declared else []
        return ", ".join(absent)

    return missing


def risen(facts: Facts, scanner: str, column: TextColumn, kind: str, tolerance: float) -> Found:
    """Judge the share of texts with a `kind` of hit against its share in earlier windows.

    A rise beyond chance and `tolerance` warns; beyond ten times as much it fails.
    """
    return share_of(facts, scanner, kind, tolerance, column.name)


def share_of(facts: Facts, scanner: str, kind: str, tolerance: float, column: str = "") -> Found:
    """The same of what was counted otherwise than in a column of texts."""
    now, usual = facts.occurrences(scanner, column)
    if now is None or not now.n:
        nothing = NO_TEXT if column else "nothing to look at"
        return Found(judgement=Judgement(Verdict.UNKNOWN, nothing), column=column)
    share = Share(now.counts.get(kind, 0), now.n)
    before = Share(usual.counts.get(kind, 0), usual.n) if usual is not None else None
    judgement = judge_share(
        share, before, alpha=facts.alpha, tolerance=tolerance, fail_tolerance=10 * tolerance
    )
    return Found(
        judgement=judgement,
        column=column,
        n=now.n,
        value=share.value,
        reference_value=before.value if before is not None and before.of else None,
        tolerance=tolerance,
    )
