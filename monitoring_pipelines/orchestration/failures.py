"""Runs of monitored models that failed for good, as Dagster's storage tells."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.failures import FailedRun

# of a first look, and of a daemon that was stopped: older failures are no news
LOOK_BACK = timedelta(days=1)
MOST_RUNS = 200
MODEL = "monitoring/model"
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
WILL_RETRY = "dagster/will_retry"


def failed_runs(
    instance: dg.DagsterInstance, since: str | None, now: datetime
) -> tuple[list["FailedRun"], str]:
    """Failures after `since` that no retry follows, and the moment to go on from."""
    from monitoring_pipelines.pipeline.failures import FailedRun

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
    found = []
    for record in records:
        run = record.dagster_run
        selected = run.asset_selection or frozenset()
        models = {run.tags[MODEL]} if MODEL in run.tags else {key.path[0] for key in selected}
        if run.tags.get(WILL_RETRY) == "true":
            continue
        partition = run.tags.get("dagster/partition")
        first, last = (run.tags.get(tag, partition) for tag in RANGE)
        found += [FailedRun(run.run_id, model, first, last) for model in sorted(models)]
    newest = max((record.update_timestamp for record in records), default=after)
    return found, newest.isoformat()
