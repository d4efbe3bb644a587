"""One schedule per cadence and one label watch per code location, whatever the number of models."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import previous, window_of
from monitoring_pipelines.errors import MonitoringError
from monitoring_pipelines.pipeline.model import Model

# Dagster's job of all assets: a job of our own would have to have one partitions definition, and
# models start on different days
ALL_ASSETS = "__ASSET_JOB"
# a stopped daemon loses ticks; each tick therefore looks so many windows back for missing ones
LOOK_BACK = 7


def cadence_schedules(models: Sequence[ModelConfig]) -> list[dg.ScheduleDefinition]:
    """Schedules that ask for the window that ended last, one run per model."""
    groups: dict[str, list[ModelConfig]] = defaultdict(list)
    for config in models:
        groups[schedule_name(config)].append(config)
    return [_schedule(name, group) for name, group in sorted(groups.items())]


def schedule_name(config: ModelConfig) -> str:
    """Name of the schedule that a model belongs to, such as ``monitor_day_0600_UTC``."""
    zone = re.sub(r"\W", "_", config.timezone)
    simple = re.fullmatch(r"(\d+) (\d+) \S+ \S+ \S+", config.cron)
    at = f"{int(simple[2]):02}{int(simple[1]):02}" if simple else re.sub(r"\W+", "_", config.cron)
    return f"monitor_{config.window}_{at}_{zone}".rstrip("_")


def _schedule(name: str, models: list[ModelConfig]) -> dg.ScheduleDefinition:
    first = models[0]

    @dg.schedule(
        name=name,
        job_name=ALL_ASSETS,
        cron_schedule=first.cron,
        execution_timezone=first.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="One run a model, for the window that ended last and for missed ones.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext,
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        asked = False
        for config in sorted(models, key=lambda m: m.name):
            keys = [dg.AssetKey([config.name, part]) for part in parts_of(config)]
            for partition in _due(context, config):
                asked = True
                yield dg.RunRequest(
                    run_key=f"{config.name}:{partition}:{context.scheduled_execution_time}",
                    partition_key=partition,
                    asset_selection=keys,
                    tags={"monitoring/model": config.name},
                )
        if not asked:
            yield dg.SkipReason("no window of a monitored time has ended")

    return schedule


def parts_of(config: ModelConfig) -> list[str]:
    """Names of the assets that a model's runs make."""
    return ["predictions", "quality", "drift", *(["performance"] if config.labels else [])]


def _due(context: dg.ScheduleEvaluationContext, config: ModelConfig) -> list[str]:
    """Partition keys of the last window and of missing ones shortly before it, oldest first."""
    window = window_of(context.scheduled_execution_time, config.window, config.zone)
    key = dg.AssetKey([config.name, "predictions"])
    done = set(context.instance.get_materialized_partitions(key))
    found = []
    for step in range(LOOK_BACK):
        window = previous(window, config.window, config.zone)
        inside = window.start >= config.first and not (config.last and window.start >= config.last)
        name = window.key(config.window)
        # the newest is always asked for: late rows may have come since. Before anything was ever
        # run there is nothing to have been missed
        if inside and (step == 0 or (done and name not in done)):
            found.append(name)
    return found[::-1]


def label_watch(models: Sequence[Model], cron: str) -> dg.ScheduleDefinition:
    """Schedule that looks at every model's labels in one run, without a process per model."""
    watched = [m for m in models if m.config.labels and m.config.labels.location]

    @dg.op(name="look_for_labels", description="Reports the windows whose labels changed.")
    def look_for_labels(context: dg.OpExecutionContext) -> None:
        from monitoring_pipelines.pipeline.environment import open_store
        from monitoring_pipelines.pipeline.labels import changed_labels

        failed = []
        for model in watched:
            try:
                changed = changed_labels(model, open_store(model.root), datetime.now(UTC))
            except MonitoringError as error:
                failed.append(f"{model.name}: {error}")
                continue
            key = dg.AssetKey([model.name, "labels"])
            for window, version in changed.items():
                context.log_event(
                    dg.AssetObservation(
                        key,
                        partition=window.key(model.config.window),
                        tags={"dagster/data_version": version},
                    )
                )
            context.log.info("%s: labels of %s windows changed", model.name, len(changed))
        if failed:
            # the other models were looked at; a missing label file is no reason to try again now
            raise dg.Failure(description="\n".join(failed), allow_retries=False)

    @dg.job(name="watch_labels", executor_def=dg.in_process_executor)
    def watch_labels() -> None:
        look_for_labels()

    return dg.ScheduleDefinition(
        name="watch_labels",
        job=watch_labels,
        cron_schedule=cron,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks for labels that arrived; reports only the windows that changed.",
    )
