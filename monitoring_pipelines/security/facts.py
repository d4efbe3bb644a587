"""What was gathered of one window, for the signals to judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.security.artefacts.outcome import Outcome
    from monitoring_pipelines.security.manifest import Differences
    from monitoring_pipelines.summaries.occurrences import Occurrences, SecuritySummary

INPUT, OUTPUT, CONTEXT, TEXT = "text_in", "text_out", "text_context", "text"
CROSSED = "crossed"  # what one person wrote and another was told
# labels of the source that contradicts the model most, and of all others
WORST, OTHERS = "worst source", "other sources"
OUTER = "outer"  # rows by the number of their features in outermost bins
GUARDED = "guarded"  # calls that a guardrail looked at
TRACED = "traced"  # calls with the trace of a guardrail
BEHAVED = "behaved"  # tasks of an agent, by columns that tell what they did
BEHAVIOUR = ("uses_decoy", "sends_tainted", "is_unapproved")
AUDITED = "audited"  # entries of an audit log
USED = "used"  # those of agents' identities


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts and the role it plays: input, output, context, or any other text."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files of the model by their path: hash, what looking into them gave, and what differs."""

    hashes: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    differences: Differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known. Empty, or None, is not known, and never taken for fine.

    `roles` are those that a column of the log plays, `declared` what the section `security` says
    besides. `usual` are earlier windows, merged; `alpha` is the false-alarm probability of one
    check, and `tolerances` what people set, by the signal's id. `problems` say by name what could
    not be read, and why.
    """

    alpha: float
    texts: tuple[TextColumn, ...] = ()
    roles: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    files: Files | None = None
    now: SecuritySummary | None = None
    usual: SecuritySummary | None = None
    tolerances: Mapping[str, float] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    def reads(self, roles: frozenset[str]) -> tuple[TextColumn, ...]:
        """The columns that play one of these roles."""
        return tuple(column for column in self.texts if column.role in roles)

    def written(self, scanner: str, roles: frozenset[str]) -> tuple[TextColumn, ...]:
        """The same, without columns that are no input or output and have no text in this window."""
        columns = self.reads(roles)
        some = tuple(c for c in columns if c.role != TEXT or self._n(scanner, c.name))
        return some or columns[:1]

    def _n(self, scanner: str, column: str) -> int:
        now, _ = self.occurrences(scanner, column)
        return now.n if now is not None else 0

    def occurrences(
        self, scanner: str, column: str
    ) -> tuple[Occurrences | None, Occurrences | None]:
        """What a scanner found in a column: in the window, and in earlier ones."""
        name = occurrence_key(scanner, column)
        now = self.now.occurrences.get(name) if self.now else None
        return now, self.usual.occurrences.get(name) if self.usual else None

    def tolerance(self, signal: str, usual: float) -> float:
        """What matters, as people set it or else as the signal has it."""
        return self.tolerances.get(signal, usual)


def occurrence_key(scanner: str, column: str) -> str:
    """Name of what a scanner found in a column.

    >>> occurrence_key("personal_data", "answer")
    'personal_data answer'
    """
    return f"{scanner} {column}"
