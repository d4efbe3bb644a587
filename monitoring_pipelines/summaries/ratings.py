"""Scores that judges or people gave, and who gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring_pipelines.summaries.moments import Moments


@dataclass(frozen=True, slots=True)
class Ratings:
    """`moments` of the scores; `judges` counts them by who gave them, as far as that is told.

    >>> one = Ratings(Moments(2, 0.5, 0.5, 0.0, 1.0), {"judge-1": 2})
    >>> (one + one).judges
    {'judge-1': 4}
    """

    moments: Moments
    judges: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Ratings) -> Ratings:
        names = sorted({*self.judges, *other.judges})
        judges = {name: self.judges.get(name, 0) + other.judges.get(name, 0) for name in names}
        return Ratings(self.moments + other.moments, judges)
