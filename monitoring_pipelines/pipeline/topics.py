"""Which words of prompts became more frequent: said beside a drift of topics, never judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.signals import TERMS
from monitoring_pipelines.stats.intervals import clopper_pearson

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.summaries.table import TableSummary

# a word is told if so many users have it, and its share rose beyond chance and by so much
MIN_USERS, MIN_RISE, MAX_TERMS = 10, 0.02, 5
# of a thousand words that did not change, half a one is told
CONFIDENCE = 0.9995


def rising_terms(table: TableSummary, reference: TableSummary) -> list[tuple[str, float, float]]:
    """Words with their shares of users in the window and in the reference; the largest rise first.

    A share is of the users whose first prompt of an hour is there. Both intervals (Clopper and
    Pearson) must be apart.
    """
    now, before = (_terms(one) for one in (table, reference))
    n, usual = now.pop("", 0), before.pop("", 0)
    if not n or not usual:
        return []
    found = []
    for word, hits in now.items():
        old = min(before.get(word, 0), usual)
        rise = min(hits, n) / n - old / usual
        if hits < MIN_USERS or rise < MIN_RISE:
            continue
        low, _ = clopper_pearson(min(hits, n), n, CONFIDENCE)
        _, high = clopper_pearson(old, usual, CONFIDENCE)
        if low > high:
            found.append((word, hits / n, old / usual))
    return sorted(found, key=lambda one: one[2] - one[1])[:MAX_TERMS]


def _terms(table: TableSummary) -> dict[str, int]:
    activity = table.activity.get("")
    shares = activity.shares.get(TERMS, {}) if activity else {}
    return {name: one.n_selected or one.n for name, one in shares.items()}


def explained(
    results: Sequence[Result],
    columns: Collection[str],
    table: TableSummary,
    reference: TableSummary | None,
) -> list[Result]:
    """`results` with the rising words said where the topics (`columns`) drifted."""
    drifted = [r for r in results if r.column in columns and r.verdict is Verdict.WARN]
    rising = rising_terms(table, reference) if drifted and reference else []
    if not rising:
        return [*results]
    words = ", ".join(f"{word} {now:.0%} ({old:.0%})" for word, now, old in rising)
    more = f"; more people write: {words}"
    return [replace(r, reason=r.reason + more) if r in drifted else r for r in results]
