"""How many rows of a group got the favourable decision."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """`n_selected` of `n` rows that have a decision got the favourable one.

    >>> Selection(10, 4) + Selection(5, 5)
    Selection(n=15, n_selected=9)
    """

    n: int
    n_selected: int

    def __add__(self, other: Selection) -> Selection:
        return Selection(self.n + other.n, self.n_selected + other.n_selected)
