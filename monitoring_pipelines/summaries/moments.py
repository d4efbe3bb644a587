"""Count, mean, spread and range of a numeric column; mergeable without cancellation."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """Of `n` finite values: mean, sum of squared deviations `m2`, minimum and maximum.

    Merging follows Chan, Golub and LeVeque (1979).

    >>> a, b = Moments(2, 1.0, 2.0, 0.0, 2.0), Moments(1, 4.0, 0.0, 4.0, 4.0)
    >>> (a + b).mean, (a + b).m2
    (2.0, 8.0)
    """

    n: int
    mean: float
    m2: float
    minimum: float
    maximum: float

    @property
    def std(self) -> float:
        """Sample standard deviation (n - 1); NaN below two values."""
        return math.sqrt(self.m2 / (self.n - 1)) if self.n > 1 else math.nan

    def __add__(self, other: Moments) -> Moments:
        if not other.n or not self.n:
            return self if self.n else other
        n, delta = self.n + other.n, other.mean - self.mean
        return Moments(
            n,
            self.mean + delta * other.n / n,
            self.m2 + other.m2 + delta * delta * self.n * other.n / n,
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
        )
