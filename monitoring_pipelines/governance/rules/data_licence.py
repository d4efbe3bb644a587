"""Of all data that the model was made from, licence and version are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts


def _missing(card: Card, facts: Facts) -> str:
    del facts
    return "" if card.data_sources else "governance.data_sources"


def _judge(card: Card, facts: Facts) -> Finding:
    del facts
    lacks = [source.name for source in card.data_sources if not (source.licence and source.version)]
    if lacks:
        told = f"no licence or no version is declared of {', '.join(lacks)}"
        return Finding(Verdict.WARN, told, len(lacks))
    told = f"licence and version of {len(card.data_sources)} data sources are declared"
    return Finding(Verdict.OK, told, 0.0)


add(
    Rule(
        id="GOV-23",
        name="data_licence",
        title="Licence and version of the data are declared.",
        missing=_missing,
        judge=_judge,
    )
)
