"""A window, a card and facts to judge by one rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitoring_pipelines.governance.card import Approval, Card, Waiver
from monitoring_pipelines.governance.facts import Facts
from monitoring_pipelines.governance.rules import RULES
from monitoring_pipelines.summaries.table import TableSummary
from tests.store.samples import day, result

# the window is the day before
AT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def card(**more: Any) -> Card:
    return Card(is_declared=True, owner="team:risk", **more)


def facts(**more: Any) -> Facts:
    return Facts(window=day(1), **more)


def table(*versions: str, **more: Any) -> TableSummary:
    return TableSummary(10, 0, {}, (10,), versions=dict.fromkeys(versions, 5), **more)


def approval(version: str, by: str, days: float = 1, until: float | None = None) -> Approval:
    """Given so many days before the window's end; it ends so many days after (before) it."""
    end = AT + until * DAY if until is not None else None
    return Approval(version=version, approved_by=by, approved_at=AT - days * DAY, expires_at=end)


def waiver(rule: str, until: int) -> Waiver:
    return Waiver(rule=rule, reason="agreed", approver="cro", until=AT + until * DAY)


def number(metric: str, value: float | None, low: float, high: float, n: int = 1_000) -> Any:
    return replace(result(), metric=metric, value=value, low=low, high=high, n=n)


def judged(rule: str, card: Card, facts: Facts) -> tuple[str, str]:
    """Verdict and sentence, or ("", the missing field)."""
    missing = RULES[rule].missing(card, facts)
    if missing:
        return "", missing
    finding = RULES[rule].judge(card, facts)
    return finding.verdict.value, finding.sentence
