"""Numbers as people read them, and errors of the data as verdicts."""

from __future__ import annotations

import math

import pytest

from monitoring_pipelines.checks.judgement import Judgement, Share, number, unknown
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import EmptySampleError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.02, "0.02"),
        (0.903361, "0.9034"),
        (-12.3456, "-12.35"),
        (999.94, "999.9"),
        (1000.4, "1,000"),
        (-68785.0, "-68,785"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_four_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_an_error_of_the_data_is_unknown_with_its_sentence() -> None:
    expected = Judgement(Verdict.UNKNOWN, "no value in the reference period")
    assert unknown(EmptySampleError("reference")) == expected


def test_a_share_of_nothing_is_not_a_number() -> None:
    assert math.isnan(Share(0, 0).value)
    assert Share(1, 4).value == 0.25
    assert str(Share(1_000, 4_000)) == "1,000 of 4,000"
