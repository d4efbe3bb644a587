"""One schedule per cadence and one label watch per code location, whatever the number of models."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import previous, window_of
from monitoring_pipelines.orchestration.assets import cadence_tag

# a stopped daemon loses ticks; each tick therefore looks so many windows back for missing ones
LOOK_BACK = 7


def cadence_schedules(models: Sequence[ModelConfig]) -> list[dg.ScheduleDefinition]:
    """Schedules that ask for the window that ended last, one run per model."""
    by_tag: dict[str, list[ModelConfig]] = defaultdict(list)
    for config in models:
        by_tag[cadence_tag(config)].append(config)
    return [_schedule(tag, group) for tag, group in sorted(by_tag.items())]


def _schedule(tag: str, models: list[ModelConfig]) -> dg.ScheduleDefinition:
    first = models[0]
    name = "monitor_" + "".join(char if char.isalnum() else "_" for char in tag)
    observed = dg.AssetSelection.tag("monitoring/watch", "labels", include_sources=True)
    selection = dg.AssetSelection.tag("monitoring/cadence", tag) - observed

    @dg.schedule(
        name=name,
        job=dg.define_asset_job(name, selection),
        cron_schedule=first.cron,
        execution_timezone=first.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="One run a model, for the window that ended last and for missed ones.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext,
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        keys_of = defaultdict(list)
        graph = context.repository_def.asset_graph
        for key in selection.resolve(graph):
            keys_of[key.path[0]].append(key)
        asked = False
        for config in sorted(models, key=lambda m: m.name):
            for partition in _due(context, config):
                asked = True
                yield dg.RunRequest(
                    run_key=f"{config.name}:{partition}:{context.scheduled_execution_time}",
                    partition_key=partition,
                    asset_selection=sorted(keys_of[config.name]),
                    tags={"monitoring/model": config.name},
                )
        if not asked:
            yield dg.SkipReason("no window of a monitored time has ended")

    return schedule


def _due(context: dg.ScheduleEvaluationContext, config: ModelConfig) -> list[str]:
    """Partition keys of the last window and of missing ones shortly before it, oldest first."""
    window = window_of(context.scheduled_execution_time, config.window, config.zone)
    done: set[str] = set()
    if context.instance_ref is not None:
        key = dg.AssetKey([config.name, "predictions"])
        done = set(context.instance.get_materialized_partitions(key))
    found = []
    for step in range(LOOK_BACK):
        window = previous(window, config.window, config.zone)
        inside = window.start >= config.first and not (config.last and window.start >= config.last)
        name = window.key(config.window)
        # the newest is always asked for: late rows may have come since
        if inside and (step == 0 or (name not in done and done)):
            found.append(name)
    return found[::-1]


def label_watch(cron: str) -> dg.ScheduleDefinition:
    """Schedule that observes every model's labels in one run, without a process per model."""
    selection = dg.AssetSelection.tag("monitoring/watch", "labels", include_sources=True)
    job = dg.define_asset_job("watch_labels", selection, executor_def=dg.in_process_executor)
    return dg.ScheduleDefinition(
        name="watch_labels",
        job=job,
        cron_schedule=cron,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks for labels that arrived; reports only the windows that changed.",
    )
