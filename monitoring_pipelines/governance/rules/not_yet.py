"""Rules whose facts no step computes yet: listed, so that nobody takes them for watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.governance.rule import Finding, Rule, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.governance.card import Card
    from monitoring_pipelines.governance.facts import Facts

# id, name, title, and the fact that is missing
LISTED = (
    ("GOV-11", "fairness", "Groups are treated alike.", "results of fairness by group"),
    (
        "GOV-12",
        "retention",
        "Logs are kept long enough, and not longer.",
        "the age of the oldest row",
    ),
    (
        "GOV-13",
        "personal_data",
        "No personal data where the card says none.",
        "a scan for personal data",
    ),
    ("GOV-14", "oversight", "People review, and sometimes disagree.", "records of human review"),
    (
        "GOV-16",
        "serious_incidents",
        "Serious incidents are reported in time.",
        "incidents marked serious",
    ),
    ("GOV-19", "region", "The model runs where it may.", "a column with the region"),
    ("GOV-20", "registered", "Every model in the log has a card.", "a column with the model"),
)


def _never(card: Card, facts: Facts) -> Finding:
    del card, facts
    return Finding(Verdict.UNKNOWN, "nothing is known of it")


def _lacks(fact: str) -> Callable[[Card, Facts], str]:
    return lambda _card, _facts: fact


for _id, _name, _title, _fact in LISTED:
    add(Rule(id=_id, name=_name, title=_title, missing=_lacks(_fact), judge=_never))
