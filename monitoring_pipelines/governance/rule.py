"""What a rule is: a promise, what has to be known to judge it, and the judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.domain.verdict import Verdict
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts

PREFIX = "gov_"


class Finding(NamedTuple):
    """A verdict and its sentence, of names, counts and dates only; `value` is a number in it."""

    verdict: Verdict
    sentence: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pure judgement. `missing` names the field without which it is inactive, "" if none is.

    `id` is such as ``GOV-04``; `name` says in two words what is promised, `title` in a sentence.
    """

    id: str
    name: str
    title: str
    missing: Callable[[Card, Facts], str]
    judge: Callable[[Card, Facts], Finding]

    @property
    def metric(self) -> str:
        """Name of its rows in the results, such as ``gov_04_approved_versions``."""
        return f"{PREFIX}{self.id.removeprefix('GOV-')}_{self.name}"


RULES: Registry[Rule] = Registry("rule")


def add(rule: Rule) -> Rule:
    """Register `rule` under its id."""
    RULES.add(rule.id, rule)
    return rule


def days(n: int) -> str:
    """A number of days in words.

    >>> days(1), days(30)
    ('1 day', '30 days')
    """
    return f"{n:,} day" if n == 1 else f"{n:,} days"


def needs_card(card: Card, facts: Facts) -> str:
    """Of rules that read nothing but the card."""
    del facts
    return "" if card.is_declared else "governance"


def nothing(card: Card, facts: Facts) -> str:
    """Of rules that can always be judged."""
    del card, facts
    return ""
