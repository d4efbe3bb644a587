"""What a check concludes, and the numbers that it concludes from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from monitoring_pipelines.errors import DataError


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sentence, with its numbers, that a person reads."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its confidence interval, from `n` rows.

    `rarer` are those of the rarer class, if it was computed from the scores of two classes.
    """

    value: float
    low: float
    high: float
    n: int
    rarer: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A drift metric's value, from `n` values of the smaller period.

    Chance alone exceeds `noise_floor` as rarely as was asked for, and gives `expected` on average.
    """

    value: float
    noise_floor: float
    expected: float
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """`bad` of `of` rows."""

    bad: int
    of: int

    @property
    def value(self) -> float:
        """The share; NaN of no rows."""
        return self.bad / self.of if self.of else math.nan

    def __str__(self) -> str:
        return f"{self.bad:,} of {self.of:,}"


def unknown(error: DataError) -> Judgement:
    """An error of the data as a verdict.

    >>> from monitoring_pipelines.errors import OneClassError
    >>> unknown(OneClassError(12, "no"))
    Judgement(verdict=<Verdict.UNKNOWN: 'unknown'>, reason="all 12 labels are of one class ('no')")
    """
    return Judgement(Verdict.UNKNOWN, str(error))


def number(value: float) -> str:
    """Four significant digits, without an exponent where people would not write one.

    >>> number(0.80347), number(12345.6), number(0.0), number(0.00001234)
    ('0.8035', '12,346', '0', '1.234e-05')
    """
    if abs(value) >= 1000:  # noqa: PLR2004 - from here on decimals say nothing
        return f"{value:,.0f}"
    return f"{value:.4g}"
