"""The model is used on those it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict, worst
from monitoring_pipelines.governance.population import outside
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


MOST_OUTSIDE = 0.01


def _missing(card: Card, facts: Facts) -> str:
    if not card.intended_population:
        return "governance.intended_population"
    return "" if facts.table else "a summary of the window"


def _judge(card: Card, facts: Facts) -> Finding:
    assert facts.table is not None  # noqa: S101 - `_missing` saw to it
    if not facts.table.n_rows:
        return Finding(Verdict.UNKNOWN, "no rows in this window")
    found = []
    for name, allowed in sorted(card.intended_population.items()):
        column = facts.table.columns.get(name)
        found.append(_one(name, outside(column, allowed) if column else None))
    verdict = worst(finding.verdict for finding in found)
    told = [finding.sentence for finding in found if finding.verdict is verdict]
    values = [finding.value for finding in found if finding.value is not None]
    return Finding(verdict, "; ".join(told), max(values, default=None))


def _one(name: str, found: tuple[int, int, int] | None) -> Finding:
    """Verdict on one column, of which the summary may tell only bounds."""
    if found is None or not found[2]:
        return Finding(Verdict.UNKNOWN, f"the values of {name} are not known")
    low, high, n = found
    share = low / n
    told = f"{low:,} of {n:,} rows are outside of the intended {name}"
    if share > MOST_OUTSIDE:
        return Finding(Verdict.FAIL, told, share)
    if high / n <= MOST_OUTSIDE:
        return Finding(Verdict.OK, told, share)
    told = f"between {low:,} and {high:,} of {n:,} rows are outside of the intended {name}"
    return Finding(Verdict.UNKNOWN, told, share)


add(
    Rule(
        id="GOV-10",
        name="population",
        title="The population is the intended one.",
        missing=_missing,
        judge=_judge,
    )
)
