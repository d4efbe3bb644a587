"""Which failures Dagster's storage tells: those of monitored models that no retry follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg

from monitoring_pipelines.orchestration.failures import failed_runs, last_successes


@dg.asset(key=["fraud", "drift"], partitions_def=dg.DailyPartitionsDefinition("2026-03-01"))
def breaks() -> None:
    raise dg.Failure("broken")


@dg.asset(key=["risk", "score"], partitions_def=dg.DailyPartitionsDefinition("2026-03-01"))
def works() -> None:
    pass


def fail(instance: dg.DagsterInstance, **tags: str) -> str:
    job = dg.Definitions(assets=[breaks]).resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance,
        asset_selection=[breaks.key],
        partition_key="2026-03-11",
        tags=tags,
        raise_on_error=False,
    )
    return result.run_id


def test_failures_are_told_once_with_their_windows(instance: dg.DagsterInstance) -> None:
    now = datetime.now(UTC)
    run = fail(instance, **{"monitoring/model": "fraud"})
    found, upstream, seen = failed_runs(instance, None, now)
    assert upstream == []
    assert [(f.run_id, f.model, f.first, f.last) for f in found] == [
        (run, "fraud", "2026-03-11", "2026-03-11")
    ]
    assert failed_runs(instance, seen, now) == ([], [], seen)


def test_a_run_by_hand_has_no_tag_and_is_known_by_its_assets(instance: dg.DagsterInstance) -> None:
    fail(instance)
    found = failed_runs(instance, None, datetime.now(UTC)).runs
    assert [f.model for f in found] == ["fraud"]


def test_a_run_without_a_selection_counts_for_what_it_left_undone(
    instance: dg.DagsterInstance,
) -> None:
    everything = dg.define_asset_job("everything", selection=[works, breaks])
    job = dg.Definitions(assets=[works, breaks], jobs=[everything]).resolve_job_def("everything")
    run = job.execute_in_process(
        instance=instance, partition_key="2026-03-11", raise_on_error=False
    )
    stored = instance.get_run_by_id(run.run_id)
    assert stored is not None
    assert not stored.asset_selection
    found = failed_runs(instance, None, datetime.now(UTC), {"risk/score", "fraud/drift"})
    assert [f.model for f in found.runs] == ["fraud"]
    assert [(u.asset, u.run_id) for u in found.upstream] == [("fraud/drift", run.run_id)]


def test_an_asset_is_fine_since_it_was_materialized_last(instance: dg.DagsterInstance) -> None:
    before = datetime.now(UTC)
    run = dg.materialize([works], instance=instance, partition_key="2026-03-11")
    (fine,) = last_successes(instance, ["risk/score", "never/made"])
    assert (fine.asset, fine.run_id) == ("risk/score", run.run_id)
    assert before <= fine.at <= datetime.now(UTC)


def test_a_failure_that_is_tried_again_is_none_yet(instance: dg.DagsterInstance) -> None:
    fail(instance, **{"dagster/will_retry": "true", "monitoring/model": "fraud"})
    assert failed_runs(instance, None, datetime.now(UTC)).runs == []


def test_old_failures_are_no_news(instance: dg.DagsterInstance) -> None:
    fail(instance)
    later = datetime.now(UTC) + timedelta(days=2)
    assert failed_runs(instance, None, later).runs == []
