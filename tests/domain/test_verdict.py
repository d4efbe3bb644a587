"""Unknown is never ok."""

from __future__ import annotations

import itertools

import pytest

from monitoring_pipelines.domain.verdict import Verdict, worst


def test_order() -> None:
    ordered = sorted(Verdict, key=lambda v: v.rank)
    assert ordered == [Verdict.OK, Verdict.UNKNOWN, Verdict.WARN, Verdict.FAIL]


@pytest.mark.parametrize("verdicts", list(itertools.product(Verdict, repeat=2)))
def test_the_worst_does_not_depend_on_the_order(verdicts: tuple[Verdict, Verdict]) -> None:
    assert worst(verdicts) is worst(reversed(verdicts))
    assert worst(verdicts).rank == max(v.rank for v in verdicts)


def test_nothing_judged_is_unknown() -> None:
    assert worst([]) is Verdict.UNKNOWN


def test_one_unknown_spoils_ok() -> None:
    assert worst([Verdict.OK, Verdict.UNKNOWN, Verdict.OK]) is Verdict.UNKNOWN
