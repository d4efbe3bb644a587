"""Values that the reference never had."""

from __future__ import annotations

import math

import numpy as np
import pytest

from monitoring_pipelines.checks.judgement import Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import NotApplicableError
from monitoring_pipelines.metrics import QUALITY
from monitoring_pipelines.metrics.quality.unseen_rate import rarely_seen, unseen_rate
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from tests.metrics.sanity.columns import levels


def column(categories: Categories | None) -> ColumnSummary:
    return ColumnSummary("c", ColumnKind.CATEGORICAL, "text", 10, 0, categories=categories)


def test_other_values_of_the_analysis_count() -> None:
    reference = Categories(("a", "b"), (5, 5))
    analysis = Categories(("a", "b"), (5, 1), other=4)
    assert unseen_rate(column(reference), column(analysis)) == (4, 10)


def test_a_long_list_of_levels_cannot_tell() -> None:
    cut = column(Categories(("a",), (5,), other=5, complete=False))
    with pytest.raises(NotApplicableError, match="more levels than are listed"):
        unseen_rate(cut, cut)


def test_a_number_has_no_levels() -> None:
    number = ColumnSummary("c", ColumnKind.NUMERIC, "float", 10, 0)
    with pytest.raises(NotApplicableError, match="without categories"):
        unseen_rate(number, number)


@pytest.mark.parametrize("none", [None, Categories(("a",), (0,))])
def test_no_value_is_nothing_of_nothing(none: Categories | None) -> None:
    assert unseen_rate(column(Categories(("a",), (5,))), column(none)) == (0, 0)


def test_an_identifier_is_not_judged() -> None:
    names = [f"{i:03}" for i in range(600)]
    with pytest.raises(NotApplicableError, match="of an identifier"):
        unseen_rate(levels(names[:300]), levels(names[300:], of=names[:300]))


@pytest.mark.parametrize(
    ("k", "power", "sizes"),
    [(300, 1.0, (400, 200)), (900, 0.5, (1_500, 500)), (50, 0.0, (100, 100))],
)
def test_false_alarms(k: int, power: float, sizes: tuple[int, int]) -> None:
    """With the reference's own share of 0 each of these windows would be called bad."""
    share, draws, alarms = np.arange(1, k + 1.0) ** -power, 300, 0
    rng = np.random.default_rng(11)
    for _ in range(draws):
        before, now = (rng.choice(k, p=share / share.sum(), size=n).astype(str) for n in sizes)
        reference = levels(before)
        bad, of = unseen_rate(reference, levels(now, of=before))
        judged = judge_share(Share(bad, of), Share(*rarely_seen(reference)), alpha=0.05)
        alarms += judged.verdict is not Verdict.OK
    assert alarms / draws <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize(
    ("reference", "usual"),
    [
        (Categories(("a", "b"), (5, 5)), (1, 10)),  # one more than none
        (Categories(("a", "b", "c"), (7, 1, 2)), (4, 10)),
        (Categories(("a", "b"), (5, 1), other=4), (4, 10)),  # it has moved on since
        (Categories(tuple("abcdefghij"), (1,) * 10), (10, 10)),  # an identifier
        (Categories(("a",), (0,)), (0, 0)),
        (None, (0, 0)),
    ],
)
def test_a_window_is_compared_with_rare_levels(
    reference: Categories | None, usual: tuple[int, int]
) -> None:
    assert QUALITY["unseen_rate"].usual(column(reference)) == usual
