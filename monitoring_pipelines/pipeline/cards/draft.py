"""A card that was begun by an import: what could be filled, and what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from monitoring_pipelines.config.governance import Governance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitoring_pipelines.errors import ConfigError

# what only a person can say, and how to say it; in the order of the tiers that ask for it
LEFT = {
    "tier": "1, 2 or 3; 1 for the models that can do most harm",
    "purpose": "what it is for, in a sentence",
    "deputy": "who answers for it while its owner is away",
    "intended_population": "{column: [values]} or {column: {minimum: 18, maximum: 99}}",
    "incident_contact": "who is told of a serious incident",
    "review": "{last: 2026-01-31, every: 365d}",
    "authors": "who made it; they cannot approve it",
    "prohibited_uses": "what it must not be used for",
    "monitoring_plan": "where the plan stands",
    "metrics": "[{name: roc_auc, at_least: 0.8}]: a threshold is a decision, and no past result",
    "data_sources": "[{name: loans, licence: contract 17, version: 2025-12}]",
    "approved_versions": "[{version: v1, approved_by: WHO, approved_at: 2026-01-31}]",
    "needs_a_person": "{residual_risk: {owner: WHO, due: 2026-12-31}}",
}
MAX_NOTE = 200


@dataclass(slots=True)
class Draft:
    """`filled` are keys of the card; `notes` say what the `source` tells besides."""

    source: str
    filled: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """Keys that a person has to fill."""
        return [name for name in LEFT if name not in self.filled]

    def check(self, fault: Callable[[Sequence[str | int], str], ConfigError]) -> None:
        """Refuse what is no card; `fault` says where the source has it."""
        try:
            Governance.model_validate(self.filled)
        except ValidationError as error:
            line = error.errors()[0]
            told = str(line["msg"]).removeprefix("Value error, ")
            place = ".".join(map(str, line["loc"]))
            raise fault(line["loc"], f"{told} ({place})") from None

    def text(self) -> str:
        """The card in YAML: what is filled, then what is left, as comments."""
        lines = [f"# Imported from {inert(self.source)}. Check every line: an import knows no more"]
        lines += ["# than its source. Below `governance` of a model, or as its file:", "#"]
        lines += ["#   governance: card.yaml", ""]
        for name, value in self.filled.items():
            lines.append(_dumped({name: value}))
        if self.notes:
            lines += ["", "# The source also says:"]
            lines += [f"# - {inert(note)}" for note in self.notes]
        if self.left:
            lines += ["", "# A person has to fill:"]
            lines += [f"# {name}: {LEFT[name]}" for name in self.left]
        return "\n".join(lines) + "\n"


def inert(text: object) -> str:
    """One line that ends no comment, and is not endless."""
    plain = "".join(char if char.isprintable() else " " for char in str(text))
    return " ".join(plain.split())[:MAX_NOTE]


def sentence(text: object) -> str:
    """A text of people as a value: one line, and not endless."""
    return inert(text)


def _dumped(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=100).rstrip()
