"""One word about the model: drift decides nothing, and unknown is never ok."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.alerts.area import Area
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.health import Health, health, unjudged
from monitoring_pipelines.report.slots import slots
from tests.report.samples import content, day, result

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

FAIL, WARN, OK, UNKNOWN = Verdict.FAIL, Verdict.WARN, Verdict.OK, Verdict.UNKNOWN
OPEN = {"state": "open"}


def looked(results: list[Result], n_days: int = 2, **more: Any) -> Health:
    made = content(results, n_days, **more)
    return health(made, slots(made.due))


@pytest.mark.parametrize(
    ("newest", "incidents", "word", "sentence"),
    [
        ([], [], "Healthy", "No open incident. Every part is ok in its newest window."),
        ([("psi", WARN)], [], "Healthy", "No open incident. Warnings: drift."),
        ([("roc_auc", FAIL)], [], "Needs attention", "No open incident. Failing: performance."),
        ([("f1", WARN)], [], "Has warnings", "No open incident. Warnings: performance."),
        ([("volume", UNKNOWN)], [], "Not fully known", "No open incident. Not known: data."),
        (
            [("roc_auc", UNKNOWN)],
            [],
            "Not fully known",
            "No open incident. Not known: performance.",
        ),
        # a remark that has nothing to say is no gap
        ([("late_rows", UNKNOWN)], [], "Healthy", "No open incident. Every part is ok in its"),
        ([], [OPEN], "Needs attention", "1 open incident. Every part is ok"),
        ([], [OPEN, OPEN, {"state": "resolved"}], "Needs attention", "2 open incidents."),
        # what explains is no part of the health
        ([("mix_effect", UNKNOWN)], [], "Healthy", "No open incident."),
    ],
)
def test_word(newest: Any, incidents: Any, word: str, sentence: str) -> None:
    results = [result(0, metric=m, verdict=FAIL) for m in ("roc_auc", "volume")]
    results += [result(1, metric=m) for m in ("roc_auc", "volume", "f1", "psi", "late_rows")]
    results += [result(1, metric=m, verdict=v, column="x") for m, v in newest]
    found = looked(results, incidents=incidents)
    assert found.word == word
    assert found.sentence.startswith(sentence)


def test_cards_tell_the_newest_window_and_the_worst_first() -> None:
    results = [result(0, verdict=FAIL), result(1, metric="f1", verdict=WARN, reason="f1 fell")]
    results += [result(1, verdict=WARN, reason="auc fell"), result(0, metric="volume")]
    performance, data = looked(results).cards
    assert (performance.area, performance.verdict, performance.counts) == (
        Area.PERFORMANCE,
        WARN,
        "2 warn",
    )
    assert [one.reason for one in performance.says] == ["auc fell"]
    # the newest window that it was judged in, and not that of another part
    assert (data.verdict, data.window, data.says) == (OK, day(0), ())


def test_a_newest_window_that_nobody_judged_is_not_healthy() -> None:
    made = content([result(0), result(2)], 4)
    assert unjudged(made) == [day(1), day(3)]
    found = health(made, slots(made.due))
    assert found.word == "Not fully known"
    assert ("Never judged", "2 of 4 windows that are over, the newest 2026-03-04") in found.waiting


def test_labels_that_may_still_come() -> None:
    # maturity is five days: windows that ended on the 3rd and 4th are young on the 8th at noon
    made = looked([result(n) for n in range(3)], 3, at=datetime(2026, 3, 8, 12, tzinfo=UTC))
    assert made.waiting == (("Labels", "1 window may still change, until 2026-03-09 00:00"),)
    told = looked([result(0)], 1, waiting={"wait to be sent": 3}).waiting
    assert told == (
        ("Labels", "none is due: every window of the period is final"),
        ("Messages", "3 wait to be sent"),
    )
