"""A failed run is told once, is no news beside what it said itself, and ends with a good run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import SourceError
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.environment import alert_settings
from monitoring_pipelines.pipeline.failures import (
    FailedRun,
    Upstream,
    tell_of_failures,
    tell_of_upstream,
)
from monitoring_pipelines.store.incidents import listed
from tests.pipeline.lab import declared, labels_of, rows

if TYPE_CHECKING:
    from tests.pipeline.lab import Lab

THIRD = FailedRun("run", "credit", "2026-01-03", "2026-01-03")


def incidents(lab: Lab) -> list[tuple[str, str, str]]:
    evaluate(lab.store.engine, alert_settings(lab.model), lab.now, "run")
    with lab.store.read() as connection:
        return [(row["cause"], row["state"], row["severity"]) for row in listed(connection)]


def test_a_failed_run_opens_an_incident_and_a_good_one_withdraws_it(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(hours=1)))
    for _ in range(2):
        tell_of_failures([lab.model], lab.store, [THIRD], lab.now)
    (found,) = lab.results(metric="run")
    assert (found.verdict, found.run_id) == (Verdict.FAIL, "run")
    assert incidents(lab) == [("silence", "open", "high")]
    lab.at_once(lab.day(2))
    assert lab.results(metric="run") == []
    assert incidents(lab) == [("silence", "withdrawn", "high")]


def test_performance_that_was_judged_withdraws_it_too(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(hours=1)))
    lab.at_once(lab.day(2))
    tell_of_failures([lab.model], lab.store, [THIRD], lab.now)
    lab.run(lab.day(2))
    assert lab.results(metric="run") == []


def test_what_a_run_said_itself_is_not_said_again(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(hours=1)))
    (lab.root / "log.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(SourceError):
        lab.at_once(lab.day(2))
    tell_of_failures([lab.model], lab.store, [THIRD], lab.now)
    assert lab.results(metric="run") == []


def test_every_window_of_a_range_is_unjudged(lab: Lab) -> None:
    whole = FailedRun("run", "credit", "2026-01-03", "2026-01-05")
    tell_of_failures([lab.model], lab.store, [whole], lab.now)
    assert sorted(r.window.start.day for r in lab.results(metric="run")) == [3, 4, 5]


def test_of_other_runs_nothing_is_known(lab: Lab) -> None:
    runs = [FailedRun("run", "credit", None, None), FailedRun("run", "upstream", "a", "b")]
    tell_of_failures([lab.model], lab.store, runs, lab.now)
    assert incidents(lab) == []


def test_what_a_model_depends_on_is_told_until_it_is_made_again(lab: Lab) -> None:
    lab.config = declared(alerts={"failures_of": ["risk/score"]})
    hour = timedelta(hours=1)
    broken = Upstream("risk/score", lab.now - hour, "run-1")
    before = Upstream("risk/score", lab.now - 2 * hour, "run-0")
    after = Upstream("risk/score", lab.now, "run-2")
    for _ in range(2):
        tell_of_upstream([lab.model], lab.store, [broken], [before], lab.now)
    (found,) = lab.results(metric="upstream_run")
    assert (found.column, found.run_id, found.verdict) == ("risk/score", "run-1", Verdict.FAIL)
    assert incidents(lab) == [("silence", "open", "high")]
    with lab.store.read() as connection:
        assert [row["title"] for row in listed(connection)] == [
            "A run of risk/score failed, which this model depends on."
        ]
    for _ in range(2):
        tell_of_upstream([lab.model], lab.store, [], [after], lab.now)
    (found,) = lab.results(metric="upstream_run")
    assert (found.run_id, found.verdict) == ("run-2", Verdict.OK)
    assert incidents(lab) == [("silence", "withdrawn", "high")]


def test_before_the_first_window_is_over_it_counts_for_that_one(lab: Lab) -> None:
    lab.config = declared(alerts={"failures_of": ["risk/score"]})
    early = lab.day(0).start
    tell_of_upstream([lab.model], lab.store, [Upstream("risk/score", early, "run")], [], early)
    (found,) = lab.results(metric="upstream_run")
    assert found.window.start == lab.model.config.first


def test_what_nobody_asked_for_is_not_told(lab: Lab) -> None:
    failed = Upstream("risk/score", lab.now, "run")
    tell_of_upstream([lab.model], lab.store, [failed], [], lab.now)
    assert lab.results() == []
