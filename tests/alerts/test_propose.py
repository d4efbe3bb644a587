"""Which change of policy spares people the alerts that were wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitoring_pipelines.alerts.condition import Policy
from monitoring_pipelines.alerts.propose import Proposal, propose, raised
from monitoring_pipelines.alerts.replay import replay
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict
from tests.alerts.histories import result, results
from tests.alerts.test_replay import SETTINGS


def early(history: str) -> list[Result]:
    return [replace(row, status=Status.PROVISIONAL) for row in results(history)]


def final(history: str) -> list[Result]:
    return [
        replace(row, as_of=row.window.end + timedelta(days=30), status=Status.FINAL)
        for row in results(history)
    ]


def proposed(rows: list[Result], **policy: int) -> Proposal | None:
    settings = replace(SETTINGS, policy=Policy(**policy))
    return propose(rows, settings, "roc_auc", replay(rows, settings, "roc_auc"))


def test_nothing_is_proposed_where_no_alert_was_wrong() -> None:
    assert proposed(results("oBBoo")) is None
    assert proposed(early("oBBoo")) is None


def test_short_troubles_that_labels_deny_ask_for_more_windows() -> None:
    # twice two bad estimates that come to nothing, then four that labels confirm
    rows = early("oBBoooooo" + "BBoooooo" + "BBBBoo") + final("oooooooooo" + "ooooooo" + "BBBBoo")
    best = proposed(rows)
    assert best is not None
    assert (best.policy.breaches, best.factor, best.n_wrong) == (3, 1.0, 0)
    assert best.n == 1


def test_persistent_small_troubles_ask_for_a_larger_tolerance() -> None:
    # 0.83 is one and a half tolerances below 0.86, and 0.78 four
    rows = early("o" + "B" * 8 + "oooooooo" + "CCC") + final("o" * 17 + "CCC")
    best = proposed(rows)
    assert best is not None
    assert (best.factor, best.n, best.n_wrong) == (2.0, 1, 0)


def test_no_change_that_would_lose_a_right_alert_is_proposed() -> None:
    rows = early("oBBoooooo" + "BBoo") + final("ooooooooo" + "BBoo")
    assert proposed(rows) is None


def test_a_raised_tolerance_makes_small_losses_fine_and_others_less_far_off() -> None:
    small, large, other = result(0, "B"), result(1, "C"), result(2, "B", "accuracy")
    now = raised([small, large, other], "roc_auc", 2.0)
    assert [(r.verdict, r.tolerance) for r in now] == [
        (Verdict.OK, 0.04), (Verdict.FAIL, 0.04), (Verdict.FAIL, 0.02),
    ]  # fmt: skip
    assert raised([small], "roc_auc", 1.0) == [small]
    unknown = result(3, ".")
    assert raised([unknown], "roc_auc", 2.0) == [unknown]
