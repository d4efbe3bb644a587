"""Ids of two windows are compared by a sample of their hashes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.checks.repeated_ids import judge_repeated_ids
from monitoring_pipelines.domain.verdict import Verdict

MOST = 1_000


def smallest(ids: set[int]) -> list[int]:
    return sorted(ids)[:MOST]


@pytest.mark.parametrize("share", [0.0, 0.05, 0.6, 1.0])
@pytest.mark.parametrize("size", [20_000, 4_000])
def test_the_share_is_that_of_all_ids(share: float, size: int) -> None:
    rng = np.random.default_rng(1)
    pool = {int(x) for x in rng.integers(0, 2**62, 2 * size + 10_000)}
    ids = list(pool)
    before, now = {*ids[:10_000]}, {*ids[-size:]}
    again = round(share * min(size, 10_000))
    now = {*list(now)[again:]} | {*list(before)[:again]}
    found, n, judged = judge_repeated_ids(smallest(now), [smallest(before)], MOST)
    truth = again / size
    assert abs(found - truth) <= 4 * math.sqrt(truth * (1 - truth) / n) + 1e-12
    assert judged.verdict is (Verdict.WARN if truth > 0.01 else Verdict.OK)


def test_the_worst_window_counts() -> None:
    found = judge_repeated_ids(range(100), [range(200, 300), range(90), range(300, 400)], MOST)
    assert found[0] == 0.9
    assert found[2].reason.startswith("90% of the ids stand in a window before, too")


@pytest.mark.parametrize("before", [[], [[]], [range(5)]])
def test_nothing_to_compare_is_unknown(before: list[range]) -> None:
    share, n, judged = judge_repeated_ids(range(5), before, MOST)
    assert math.isnan(share)
    assert (n, judged.verdict) == (0, Verdict.UNKNOWN)
