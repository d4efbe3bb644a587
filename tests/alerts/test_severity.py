from __future__ import annotations

from monitoring_pipelines.alerts.severity import Severity, highest


def test_only_critical_does_not_wait_for_a_second_window() -> None:
    assert [s.is_immediate for s in (Severity.HIGH, Severity.CRITICAL)] == [False, True]


def test_the_worst_of_several_counts() -> None:
    assert highest([Severity.CRITICAL, Severity.HIGH]) is Severity.CRITICAL
    assert highest([Severity.HIGH]) is Severity.HIGH
