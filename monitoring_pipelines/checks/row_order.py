"""Whether a window is a block of rows and not a time: its timestamps were made from row numbers."""

from __future__ import annotations

import math

from monitoring_pipelines.checks.judgement import Judgement, number
from monitoring_pipelines.domain.verdict import Verdict

MIN_ROWS = 200
SAME = 1e-3


def judge_row_order(n: int, spacing: float | None) -> Judgement:
    """`warn` if all rows are evenly spaced by a time that no clock or sensor gives.

    `spacing` is the seconds between any two rows that follow each other, None if they differ.
    Rows that arrive by themselves are never evenly spaced. Series are, by whole seconds or a whole
    number of times a second; 17.28 seconds is a day cut into 5,000 rows.

    >>> judge_row_order(5_000, 17.28).verdict.value, judge_row_order(24, 3_600.0).verdict.value
    ('warn', 'ok')
    """
    if not n:
        return Judgement(Verdict.UNKNOWN, "no rows")
    if spacing is None or n < MIN_ROWS or _is_natural(spacing):
        return Judgement(Verdict.OK, "the times of rows do not look as if made from their places")
    return Judgement(
        Verdict.WARN,
        f"all {n:,} rows are {number(spacing)} seconds apart, as if their times were made from "
        "their places: then a window is a block of a file and not a time. Give the column that "
        "tells when each row was scored",
    )


def _is_natural(spacing: float) -> bool:
    per = spacing if spacing >= 1 else 1 / spacing
    return math.isclose(per, round(per), rel_tol=SAME)
