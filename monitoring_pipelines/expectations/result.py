"""What one expectation said about one window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitoring_pipelines.expectations.suite import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationResult:
    """Outcome of one expectation, without a single value of the data.

    `success` is None if the data cannot say: no row, no value, or an expectation that these
    columns do not support; `reason` is then the sentence why. `n` is the number of values judged,
    `unexpected_count` and `unexpected_share` are of them and None for an expectation on a number
    of the whole column, whose number is `observed_value`. A category, a date or a list that was
    observed is never kept.
    """

    name: str
    type: str
    column: str
    success: bool | None
    unexpected_share: float | None = None
    unexpected_count: int | None = None
    n: int
    observed_value: float | None = None
    severity: Severity
    reason: str
