"""One judged number: a row of the table `results`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.domain.verdict import Verdict
    from monitoring_pipelines.domain.window import Window


class Status(StrEnum):
    """What a number rests on: no label, the labels so far, or all that count."""

    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A number with everything that its verdict rests on.

    `segment` is empty for all rows, else ``column=value``; `column` is empty for a metric of the
    whole window. `value`, `low` and `high` are in the metric's own unit, `low` and `high` bound
    its confidence interval. `n` is the number of rows that the value was computed from.
    """

    model: str
    window: Window
    segment: str = ""
    metric: str
    column: str = ""
    as_of: datetime
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    reference_value: float | None = None
    noise_floor: float | None = None
    tolerance: float | None = None
    verdict: Verdict
    reason: str
    status: Status
    label_coverage: float | None = None
    model_version: str = ""
    config_hash: str = ""
    code_version: str = ""
    run_id: str = ""
