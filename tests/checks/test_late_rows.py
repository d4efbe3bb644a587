"""Windows that are not what they were when they were judged; both counts are told."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.late_rows import judge_late_rows
from monitoring_pipelines.domain.verdict import Verdict


@pytest.mark.parametrize(
    ("windows", "verdict"),
    [
        ([], Verdict.OK),
        ([(1_000, 1_000), (0, 0)], Verdict.OK),
        ([(1_000, 1_010)], Verdict.OK),  # one in a hundred
        ([(1_000, 1_011)], Verdict.WARN),
        ([(1_000, 900)], Verdict.WARN),  # rows went
        ([(0, 1)], Verdict.WARN),  # it was judged empty
        ([(1_000, 2_000), (1_000, 0)], Verdict.WARN),  # as many in all
    ],
)
def test_verdicts(windows: list[tuple[int, int]], verdict: Verdict) -> None:
    assert judge_late_rows(windows).verdict is verdict


def test_only_what_changed_is_counted() -> None:
    said = judge_late_rows([(1_000, 1_000), (500, 800), (0, 40)]).reason
    assert said == (
        "2 of the windows before have 840 rows now and had 500 when they were judged: "
        "run them again"
    )
