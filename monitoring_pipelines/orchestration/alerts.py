"""The alert path as Dagster shows it: does delivery work, and the digests."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.config.monitoring import MonitoringConfig

if TYPE_CHECKING:
    from monitoring_pipelines.store.database import Store

ALERTS = dg.AssetKey(["monitoring", "alerts"])
DELIVERY = dg.AssetCheckKey(ALERTS, "alert_delivery")


def delivery_check(root: Path) -> tuple[dg.AssetSpec, dg.AssetChecksDefinition]:
    """The outbox as an asset, and the check that nothing in it is stuck."""
    asset = dg.AssetSpec(
        key=ALERTS,
        group_name="monitoring",
        description="Messages about incidents, on their way to people.",
        kinds={"slack"},
    )

    @dg.asset_check(
        asset=ALERTS,
        name=DELIVERY.name,
        description="No message was given up, and no destination is blocked or out of reach.",
    )
    def alert_delivery() -> dg.AssetCheckResult:
        from monitoring_pipelines.pipeline.environment import delivery_state, open_store

        state = delivery_state(open_store(root))
        return dg.AssetCheckResult(
            passed=state.works,
            severity=dg.AssetCheckSeverity.ERROR,
            description=state.sentence,
            metadata={**state.counts},
        )

    return asset, alert_delivery


def show_delivery(instance: dg.DagsterInstance, store: "Store") -> None:
    """Let the check say whether delivery works, whenever that has changed."""
    from monitoring_pipelines.pipeline.environment import delivery_state

    state = delivery_state(store)
    last = instance.get_latest_asset_check_evaluation_record(DELIVERY)
    known = last.evaluation.passed if last is not None and last.evaluation is not None else None
    if known is not state.works:
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=ALERTS,
                check_name=DELIVERY.name,
                passed=state.works,
                severity=dg.AssetCheckSeverity.ERROR,
                description=state.sentence,
                metadata={**state.counts},
            )
        )


def digests(
    config: MonitoringConfig, root: Path, models: Sequence[ModelConfig]
) -> list[dg.ScheduleDefinition]:
    """Schedules of the digests that are wanted; each also checks that delivery works."""
    found = []
    for name, days, cron in (
        ("weekly_digest", 7, config.weekly_digest),
        ("daily_digest", 1, config.daily_digest),
    ):
        if cron is not None:
            found.append(_digest(name, days, cron, config, root, models))
    return found


def _digest(
    name: str,
    days: int,
    cron: str,
    config: MonitoringConfig,
    root: Path,
    models: Sequence[ModelConfig],
) -> dg.ScheduleDefinition:
    text = f"Tells what happened in the last {days} day(s), also if that is nothing."

    @dg.op(name=f"write_{name}", out=dg.Out(dg.Nothing))
    def write(context: dg.OpExecutionContext) -> None:
        from datetime import UTC, datetime, timedelta

        from monitoring_pipelines.pipeline.digest import write_digest
        from monitoring_pipelines.pipeline.environment import deliver, open_store, sentence

        scheduled = context.run.tags.get("dagster/scheduled_execution_time")
        end = datetime.fromisoformat(scheduled) if scheduled else datetime.now(UTC)
        store = open_store(root)
        places = write_digest(store.engine, config, models, (end - timedelta(days=days), end))
        context.log.info("queued for %s; %s", ", ".join(places), sentence(deliver(store)))

    @dg.job(name=name, executor_def=dg.in_process_executor, description=text)
    def job() -> None:
        write()

    return dg.ScheduleDefinition(
        name=name,
        job=job,
        cron_schedule=cron,
        execution_timezone=config.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=text,
    )
