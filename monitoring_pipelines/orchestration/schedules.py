"""One schedule per cadence and one label watch per code location, whatever the number of models."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import previous, window_of
from monitoring_pipelines.orchestration.assets import cadence_name, label_versions
from monitoring_pipelines.pipeline.model import Model

# a stopped daemon loses ticks; each tick therefore looks so many windows back for missing ones
LOOK_BACK = 7
# Dagster's own job over all assets. A job of ours could not hold two models that start on
# different days ("must have the same partitions definitions"), and one job per model makes loading
# quadratic in their number.
ASSET_JOB = "__ASSET_JOB"


def cadence_schedules(models: Sequence[ModelConfig]) -> list[dg.ScheduleDefinition]:
    """Schedules that ask for the window that ended last, one run per model."""
    by_name: dict[str, list[ModelConfig]] = defaultdict(list)
    for config in models:
        by_name[cadence_name(config)].append(config)
    return [_schedule(name, group) for name, group in sorted(by_name.items())]


def _schedule(cadence: str, models: list[ModelConfig]) -> dg.ScheduleDefinition:
    first = models[0]
    names = sorted(config.name for config in models)

    @dg.schedule(
        name=f"monitor_{cadence}",
        job_name=ASSET_JOB,
        cron_schedule=first.cron,
        execution_timezone=first.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        tags={"monitoring/cadence": cadence},
        description=(
            f"Judges the {first.window} that ended last, and missed ones, in one run per model: "
            f"{', '.join(names[:10])}{' …' if len(names) > 10 else ''}."  # noqa: PLR2004
        ),
    )
    def schedule(
        context: dg.ScheduleEvaluationContext,
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        keys_of = _keys_by_model(context)
        asked = False
        for config in sorted(models, key=lambda m: m.name):
            for partition in _due(context, config):
                asked = True
                yield dg.RunRequest(
                    run_key=f"{config.name}:{partition}:{context.scheduled_execution_time}",
                    partition_key=partition,
                    asset_selection=keys_of[config.name],
                    tags={"monitoring/model": config.name},
                )
        if not asked:
            yield dg.SkipReason("No window within a model's monitored time has ended.")

    return schedule


def _keys_by_model(context: dg.ScheduleEvaluationContext) -> dict[str, list[dg.AssetKey]]:
    """What is made per model; labels are not made but observed."""
    if context.repository_def is None:
        raise dg.DagsterInvariantViolationError("the schedule needs to know its repository")
    graph = context.repository_def.asset_graph
    found: dict[str, list[dg.AssetKey]] = defaultdict(list)
    for key in sorted(graph.materializable_asset_keys):
        model = graph.get(key).tags.get("monitoring/model")
        if model:
            found[model].append(key)
    return found


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
        # a window that the start or the end of the monitored time cuts belongs to it
        inside = window.end > config.first and not (config.last and window.start >= config.last)
        name = window.key(config.window)
        # the newest is always asked for: late rows may have come since
        if inside and (step == 0 or (name not in done and done)):
            found.append(name)
    return found[::-1]


def label_watch(cron: str, models: Sequence[Model]) -> dg.ScheduleDefinition:
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
