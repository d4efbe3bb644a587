"""How many texts hold what a scanner looks for, by its kind; and the extremes of single windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Of `n` texts `counts[kind]` hold something of a kind; a text may hold several kinds.

    >>> (Occurrences(3, {"email": 1}) + Occurrences(2, {"email": 1, "iban": 1})).counts
    {'email': 2, 'iban': 1}
    """

    n: int
    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Occurrences) -> Occurrences:
        kinds = sorted({*self.counts, *other.counts})
        return Occurrences(
            self.n + other.n,
            {kind: self.counts.get(kind, 0) + other.counts.get(kind, 0) for kind in kinds},
        )


@dataclass(frozen=True, slots=True)
class SecuritySummary:
    """What the detectors of security need of a window; windows add up.

    `occurrences` are by scanner and column, such as ``personal_data answer``. `extremes` hold one
    number per window that was merged: the largest of its principals, its longest gap, and the like.
    """

    n_rows: int
    occurrences: Mapping[str, Occurrences] = field(default_factory=dict)
    extremes: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __add__(self, other: SecuritySummary) -> SecuritySummary:
        none = Occurrences(0)
        names = sorted({*self.occurrences, *other.occurrences})
        return SecuritySummary(
            self.n_rows + other.n_rows,
            {
                name: self.occurrences.get(name, none) + other.occurrences.get(name, none)
                for name in names
            },
            {
                name: self.extremes.get(name, ()) + other.extremes.get(name, ())
                for name in sorted({*self.extremes, *other.extremes})
            },
        )
