"""One schedule per cadence and one label watch per code location, whatever the number of models."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from monitoring_pipelines.config.model import CRON, ModelConfig
from monitoring_pipelines.domain.window import previous, window_of
from monitoring_pipelines.orchestration.assets import label_versions
from monitoring_pipelines.pipeline.model import Model

# Dagster's job of all assets: a job of our own would have to have one partitions definition, and
# models start on different days
ALL_ASSETS = "__ASSET_JOB"
# a stopped daemon loses ticks; each tick therefore looks so many windows back for missing ones
LOOK_BACK = 7
MAX_NAMES = 10


def cadence_schedules(models: Sequence[ModelConfig]) -> list[dg.ScheduleDefinition]:
    """Schedules that ask for the window that ended last, one run per model."""
    groups: dict[str, list[ModelConfig]] = defaultdict(list)
    for config in models:
        groups[schedule_name(config)].append(config)
    return [_schedule(name, group) for name, group in sorted(groups.items())]


def schedule_name(config: ModelConfig) -> str:
    """Name of the schedule of a model, such as ``monitor_day_0600_UTC``.

    Two models have the same name exactly if they have the same window, cron line and time zone.
    """
    minute, hour, *rest = [*config.cron.split(), "", ""][:5]
    usual = CRON[config.window].split()
    if rest == usual[2:] and minute.isdigit() and (hour.isdigit() or hour == usual[1] == "*"):
        at = f"{int(hour):02d}{int(minute):02d}" if hour.isdigit() else f"minute_{int(minute):02d}"
    else:
        at = f"cron_{hashlib.sha256(' '.join(config.cron.split()).encode()).hexdigest()[:6]}"
    zone = re.sub(r"[^A-Za-z0-9]", "_", config.timezone.replace("+", "plus"))
    return f"monitor_{config.window}_{at}_{zone}"


def _schedule(name: str, models: list[ModelConfig]) -> dg.ScheduleDefinition:
    first = models[0]
    names = sorted(config.name for config in models)
    several = f"{', '.join(names[:MAX_NAMES])}{' …' if len(names) > MAX_NAMES else ''}"

    @dg.schedule(
        name=name,
        job_name=ALL_ASSETS,
        cron_schedule=first.cron,
        execution_timezone=first.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            f"Judges the {first.window} that ended last, and missed ones, in one run per model: "
            f"{several}."
        ),
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
            yield dg.SkipReason("No window within a model's monitored time has ended.")

    return schedule


def parts_of(config: ModelConfig) -> list[str]:
    """Names of the assets that a model's runs make."""
    wanted = {
        "predictions": True,
        "quality": True,
        "drift": True,
        "estimated_performance": config.is_estimated,
        "signals": config.task.tells_outcome,
        "performance": config.labels is not None,
        "fairness": config.fairness is not None,
        "security": config.security.is_on,
        "governance": config.governance.is_on,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _due(context: dg.ScheduleEvaluationContext, config: ModelConfig) -> list[str]:
    """Partition keys of the last window and of missing ones shortly before it, oldest first."""
    window = window_of(context.scheduled_execution_time, config.window, config.zone)
    key = dg.AssetKey([config.name, "predictions"])
    done = set(context.instance.get_materialized_partitions(key))
    found = []
    for step in range(LOOK_BACK):
        window = previous(window, config.window, config.zone)
        # a window that the start or the end of the monitored time cuts belongs to it
        inside = window.end > config.first and not (config.last and window.start >= config.last)
        name = window.key(config.window)
        # the newest is always asked for: late rows may have come since. Before anything was ever
        # run there is nothing to have been missed
        if inside and (step == 0 or (done and name not in done)):
            found.append(name)
    return found[::-1]


def label_watch(models: Sequence[Model], cron: str) -> dg.ScheduleDefinition:
    """Schedule that observes every model's labels in one run, without a process per model."""
    watched = [model for model in models if model.config.labels and model.config.labels.location]

    @dg.op(name="look_for_labels", out=dg.Out(dg.Nothing))
    def look_for_labels(context: dg.OpExecutionContext) -> None:
        """Report the windows whose labels changed; one unreadable log does not hide the others."""
        unreadable = []
        for model in watched:
            try:
                versions = label_versions(model)
            except dg.Failure as failure:
                unreadable.append(f"{model.name}: {failure.description}")
                continue
            context.log.info("%s: %d window(s) with new labels", model.name, len(versions))
            for partition, version in versions.items():
                context.log_event(
                    dg.AssetObservation(
                        asset_key=[model.name, "labels"],
                        partition=partition,
                        tags={"dagster/data_version": version},
                    )
                )
        if unreadable:
            raise dg.Failure(description="\n".join(unreadable), allow_retries=False)

    @dg.job(
        name="watch_labels",
        executor_def=dg.in_process_executor,
        description="Looks for labels that arrived; reports only the windows that changed.",
    )
    def job() -> None:
        look_for_labels()

    return dg.ScheduleDefinition(
        name="watch_labels",
        job=job,
        cron_schedule=cron,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks for labels that arrived; reports only the windows that changed.",
    )
