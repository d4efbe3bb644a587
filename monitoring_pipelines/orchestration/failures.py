"""Runs that failed for good, as Dagster's storage tells: of monitored models and what they need."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.failures import FailedRun, Upstream

# of a first look, and of a daemon that was stopped: older failures are no news
LOOK_BACK = timedelta(days=1)
MOST_RUNS = 200
MODEL = "monitoring/model"
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
WILL_RETRY = "dagster/will_retry"


class Failures(NamedTuple):
    """What failed since the last look, and the moment to go on from."""

    runs: list["FailedRun"]
    upstream: list["Upstream"]
    seen: str


def failed_runs(
    instance: dg.DagsterInstance, since: str | None, now: datetime, watched: Collection[str] = ()
) -> Failures:
    """Failures after `since` that no retry follows, also of the `watched` assets."""
    from monitoring_pipelines.pipeline.failures import FailedRun, Upstream

    after = datetime.fromisoformat(since) if since else now - LOOK_BACK
    records = instance.get_run_records(
        dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.FAILURE],
            updated_after=after,
        ),
        limit=MOST_RUNS,
        order_by="update_timestamp",
        ascending=True,
    )
    runs, upstream = [], []
    for record in records:
        run = record.dagster_run
        if run.tags.get(WILL_RETRY) == "true":
            continue
        left = _unfinished(instance, run.run_id)
        models = {run.tags[MODEL]} if MODEL in run.tags else {key.path[0] for key in left}
        partition = run.tags.get("dagster/partition")
        first, last = (run.tags.get(tag, partition) for tag in RANGE)
        runs += [FailedRun(run.run_id, model, first, last) for model in sorted(models)]
        names = {key.to_user_string() for key in left} & {*watched}
        at = record.update_timestamp.astimezone(UTC)
        upstream += [Upstream(name, at, run.run_id) for name in sorted(names)]
    newest = max((record.update_timestamp for record in records), default=after)
    return Failures(runs, upstream, newest.isoformat())


def last_successes(instance: dg.DagsterInstance, watched: Collection[str]) -> list["Upstream"]:
    """When each of the `watched` assets was materialized last, if it ever was."""
    from monitoring_pipelines.pipeline.failures import Upstream

    found = []
    for name in sorted(watched):
        event = instance.get_latest_materialization_event(dg.AssetKey.from_user_string(name))
        if event is not None:
            at = datetime.fromtimestamp(event.timestamp, UTC)
            found.append(Upstream(name, at, event.run_id))
    return found


def _unfinished(instance: dg.DagsterInstance, run_id: str) -> set[dg.AssetKey]:
    """Assets that a run was to materialize and did not; all of them if it did.

    Not every run has an asset selection: one of a job that is defined by hand has none.
    """

    def keys(event: dg.DagsterEventType) -> set[dg.AssetKey]:
        records = instance.get_records_for_run(run_id, of_type=event).records
        return {record.asset_key for record in records if record.asset_key}

    planned = keys(dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    return planned - keys(dg.DagsterEventType.ASSET_MATERIALIZATION) or planned
