"""What all results of a run have in common, and what is never stored."""

from __future__ import annotations

import pytest

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.judging import Judging, main_version
from tests.pipeline.lab import Lab, declared

JUDGING = Judging(declared(), "run 1", "9.9")


@pytest.mark.parametrize(
    ("value", "stored"),
    [(0.1 + 0.2, 0.3), (float("nan"), None), (float("inf"), None), (None, None), (12.0, 12.0)],
)
def test_numbers_are_finite_and_without_noise_in_the_last_bits(
    lab: Lab, value: float | None, stored: float | None
) -> None:
    ok = Judgement(Verdict.OK, "fine")
    assert JUDGING.result(lab.day(2), "psi", 3, ok, value=value).value == stored


def test_a_result_tells_where_it_comes_from(lab: Lab) -> None:
    result = JUDGING.unknown(lab.day(2), "psi", 3, "why" * 200, column="x")
    assert (result.run_id, result.code_version) == ("run 1", "9.9")
    assert result.config_hash == declared().fingerprint
    assert (result.as_of, result.window) == (lab.day(2).utc.end, lab.day(2).utc)
    assert len(result.reason) == 300


def test_the_budget_is_shared_by_all_checks() -> None:
    assert JUDGING.alpha(10) < JUDGING.alpha(1)
    assert JUDGING.alpha(0) == JUDGING.alpha(1)


def test_the_version_of_a_window_is_its_most_frequent_one() -> None:
    assert main_version({}) == ""
    assert main_version({"a": 3}) == "a"
    assert main_version({"a": 3, "b": 5, "c": 1}) == "b (+2)"
    assert main_version({"a": 3, "b": 3}) == "b (+1)"
