"""The assets of one monitored model: few steps, heavy imports inside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.result import Result
from monitoring_pipelines.domain.window import Window
from monitoring_pipelines.errors import MonitoringError, SourceChangedError
from monitoring_pipelines.expectations.suite import ExpectationSuite, load_suite
from monitoring_pipelines.orchestration.checks import check_specs_of, resting
from monitoring_pipelines.orchestration.metadata import (
    check_result,
    governance_metadata,
    numbers,
    security_metadata,
    table_metadata,
    verdict_table,
    why_table,
    worst_groups,
)
from monitoring_pipelines.orchestration.partitions import partitions_of, window_of_key
from monitoring_pipelines.orchestration.pictures import pictures_of
from monitoring_pipelines.orchestration.quiet import young_features
from monitoring_pipelines.orchestration.specs import asset_spec
from monitoring_pipelines.pipeline.model import Model

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.parts import WindowReport
    from monitoring_pipelines.pipeline.run import Monitor
    from monitoring_pipelines.store.database import Store

Events = Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]
# results and metadata of each window
Judged = dict[Window, tuple[list[Result], dict[str, Any]]]

PARTS = ("predictions", "quality", "drift", "estimated_performance", "signals", "fairness")
# parts of a report that the assets of the labelled step show
LABELLED = {"performance": ("performance",), "fairness": ("selection", "errors")}
# what mends itself: a file that is being replaced, a database that is away for a moment
RETRIES, RETRY_AFTER_S = 2, 30.0


def build_assets(model: Model) -> dg.Definitions:
    """The assets of one model and their checks.

    They are ``[model, predictions | quality | drift | estimated_performance | signals | labels |
    performance | fairness | security | governance]``; without labels nothing is estimated. Only
    applications and agents have signals.
    """
    suite = None
    if model.config.expectations is not None:
        suite = load_suite(model.config.expectations, model.folder)
    assets: list[Any] = [_at_once(model, suite)]
    if model.config.labels is not None:
        assets.append(_performance(model))
        if model.config.labels.location is not None:
            assets.append(_labels(model))
    if model.config.security.is_on:
        assets.append(_security(model))
    if model.config.governance.is_on:
        assets.append(_governance(model))
    return dg.Definitions(assets=assets)


def _at_once(model: Model, suite: ExpectationSuite | None) -> dg.AssetsDefinition:
    config = model.config
    predictions = dg.AssetKey([config.name, "predictions"])
    expected = {} if suite is None else _expected(suite)
    specs = [
        asset_spec(
            config,
            "predictions",
            description=config.description
            or f"The prediction log of {config.name}, window by window.",
            kinds={"duckdb", "greatexpectations"} if suite else {"duckdb"},
        ),
        asset_spec(
            config,
            "quality",
            deps=[predictions],
            description="Shares of missing, unseen, impossible, mistyped and repeated values.",
            kinds={"duckdb"},
        ),
        asset_spec(
            config,
            "drift",
            deps=[predictions],
            description="How far each column's distribution is from the reference.",
            kinds={"scipy"},
        ),
    ]
    if config.is_estimated:
        specs.append(
            asset_spec(
                config,
                "estimated_performance",
                deps=[predictions],
                description="Performance that the scores let expect, before any label has come.",
                kinds={"scikitlearn"},
            )
        )
    if config.task.tells_outcome:
        specs.append(
            asset_spec(
                config,
                "signals",
                deps=[predictions],
                description="Errors, cost, latency, answers and tools, as the log itself tells.",
                kinds={"duckdb"},
            )
        )
    if config.fairness is not None and config.labels is None:
        specs.append(_fairness(config, [predictions]))
    check_specs = [spec for made in specs for spec in check_specs_of(config, made.key.path[-1])]
    check_specs += [
        dg.AssetCheckSpec(name, asset=predictions, description=text)
        for name, text in expected.items()
    ]

    @dg.multi_asset(
        name=f"{config.name}__at_once",
        specs=specs,
        check_specs=check_specs,
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
        op_tags={"monitoring/model": config.name},
    )
    def at_once(context: dg.AssetExecutionContext) -> Events:
        checks = context.selected_asset_check_keys
        parts = {key.path[-1] for key in context.selected_asset_keys}
        parts |= {check.asset_key.path[-1] for check in checks}
        reports = _run(
            context, model, lambda monitor, window: monitor.at_once(window, parts, suite)
        )
        for part in (part for part in PARTS if part in parts):  # upstream first, as Dagster asks
            key = dg.AssetKey([config.name, part])
            of = "selection" if part == "fairness" else part
            by_window = {name: report.of(of) for name, report in reports.items()}
            if key in context.selected_asset_keys:
                yield _materialized(context, key, by_window, reports)
            wanted = {check.name for check in checks if check.asset_key == key}
            for name in sorted(wanted):
                yield check_result(key, name, resting(config, by_window, name))

    return at_once


def _expected(suite: ExpectationSuite) -> dict[str, str]:
    """Names of the suite's checks and what each of them expects."""
    return {
        name: " ".join((spec.type.replace("_", " "), *(f"'{column}'" for column in spec.columns)))
        for name, spec in zip(suite.check_names, suite, strict=True)
    }


def _performance(model: Model) -> dg.AssetsDefinition:
    config = model.config
    deps = [dg.AssetKey([config.name, "predictions"])]
    condition = None
    if config.labels and config.labels.location is not None:
        deps.append(dg.AssetKey([config.name, "labels"]))
        # only the windows whose labels changed; latched, so that no change is lost while a run
        # is in progress
        condition = (
            dg.AutomationCondition.any_deps_match(
                dg.AutomationCondition.data_version_changed()
            ).since_last_handled()
            & ~dg.AutomationCondition.any_deps_missing()
            & ~dg.AutomationCondition.in_progress()
        )

    specs = [
        asset_spec(
            config,
            "performance",
            deps=deps,
            automation_condition=condition,
            description="Performance against the labels so far; computed again as more come.",
            kinds={"scikitlearn"},
        )
    ]
    if config.fairness is not None:
        specs.append(_fairness(config, deps, condition))

    @dg.multi_asset(
        name=f"{config.name}__performance",
        specs=specs,
        check_specs=[spec for made in specs for spec in check_specs_of(config, made.key.path[-1])],
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
        op_tags={"monitoring/model": config.name},
    )
    def performance(context: dg.AssetExecutionContext) -> Events:
        reports = _run(context, model, lambda monitor, window: monitor.performance(window))
        for made in specs:
            by_window = {
                name: [result for part in LABELLED[made.key.path[-1]] for result in report.of(part)]
                for name, report in reports.items()
            }
            if made.key in context.selected_asset_keys:
                yield _materialized(context, made.key, by_window, reports)
            checks = (c for c in context.selected_asset_check_keys if c.asset_key == made.key)
            for check in sorted(checks, key=lambda k: k.name):
                yield check_result(made.key, check.name, resting(config, by_window, check.name))

    return performance


def _fairness(config: ModelConfig, deps: list[dg.AssetKey], condition: Any = None) -> dg.AssetSpec:
    return asset_spec(
        config,
        "fairness",
        deps=deps,
        automation_condition=condition,
        description="Groups of people against the rest: selection rates; errors as labels come.",
        kinds={"scipy"},
    )


def _governance(model: Model) -> dg.AssetsDefinition:
    def step(store: "Store", windows: Iterable[Window], run_id: str) -> Judged:
        from monitoring_pipelines.pipeline.governance import govern

        found = govern(model, store, windows, run_id)
        return {
            window: (one.results, governance_metadata(one.judged, one.results))
            for window, one in found.items()
        }

    rests_on = ["predictions", *(["performance"] if model.config.labels else [])]
    rests_on += ["security"] if model.config.security.is_audited else []
    spec = asset_spec(
        model.config,
        "governance",
        deps=_keys(model, *rests_on),
        description="What was promised about the model, against what is known of it.",
    )
    return _judged(model, spec, step)


def _security(model: Model) -> dg.AssetsDefinition:
    def step(store: "Store", windows: Iterable[Window], run_id: str) -> Judged:
        from monitoring_pipelines.pipeline.security import secure

        found = secure(model, store, windows, datetime.now(UTC), run_id)
        return {
            window: (one.results, security_metadata(one.judged, one.results))
            for window, one in found.items()
        }

    spec = asset_spec(
        model.config,
        "security",
        deps=_keys(model, "predictions"),
        description="Signs of attacks and leaks in the log and in the model's files.",
        kinds={"duckdb"},
    )
    return _judged(model, spec, step)


def _keys(model: Model, *names: str) -> list[dg.AssetKey]:
    return [dg.AssetKey([model.name, name]) for name in names]


def _judged(
    model: Model, spec: dg.AssetSpec, step: Callable[["Store", Iterable[Window], str], Judged]
) -> dg.AssetsDefinition:
    """An asset of verdicts that one function gives for all windows of a run."""
    config, key, name = model.config, spec.key, spec.key.path[-1]

    @dg.multi_asset(
        name=f"{config.name}__{name}",
        specs=[spec],
        check_specs=check_specs_of(config, name),
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
        op_tags={"monitoring/model": config.name},
    )
    def judged(context: dg.AssetExecutionContext) -> Events:
        from monitoring_pipelines.pipeline.environment import flush_alerts, open_store

        windows, run_id = _windows(context, config), context.run.run_id
        with _failures():
            store = open_store(model.root)
            found = step(store, windows.values(), run_id)
            flush_alerts(model, store, datetime.now(UTC), run_id, context.log.warning)
        by_window = {partition: found[window][0] for partition, window in windows.items()}
        if key in context.selected_asset_keys:
            for partition, window in windows.items():
                context.add_asset_metadata(found[window][1], key, partition_key=partition)
            yield dg.MaterializeResult(asset_key=key)
        for check in context.selected_asset_check_keys:
            yield check_result(key, check.name, by_window)

    return judged


def _labels(model: Model) -> Any:
    config = model.config

    def labels() -> dg.DataVersionsByPartition:
        with young_features():
            return dg.DataVersionsByPartition(label_versions(model))

    with young_features():
        return dg.observable_source_asset(
            key=[config.name, "labels"],
            group_name=config.name,
            partitions_def=partitions_of(config),
            tags={
                "monitoring/model": config.name,
                "dagster/kind/duckdb": "",
            },
            description=(
                "Labels as they arrive: one data version per window, reported when it changes. "
                "Observed, not made, so its partitions never count as filled."
            ),
        )(labels)


def label_versions(model: Model) -> dict[str, str]:
    """Data versions of the labels that changed, by partition key."""
    from monitoring_pipelines.pipeline.environment import open_store
    from monitoring_pipelines.pipeline.labels import changed_labels

    with _failures():
        changed = changed_labels(model, open_store(model.root), datetime.now(UTC))
    return {window.key(model.config.window): version for window, version in changed.items()}


def _run(
    context: dg.AssetExecutionContext,
    model: Model,
    step: Callable[["Monitor", Any], "WindowReport"],
) -> dict[str, "WindowReport"]:
    """Run one step for every window of the run, then decide on alerts; reports by partition key."""
    from monitoring_pipelines.pipeline.environment import flush_alerts, open_store
    from monitoring_pipelines.pipeline.run import Monitor

    now = datetime.now(UTC)
    reports = {}
    with _failures():
        store = open_store(model.root)
        try:
            with Monitor.open(model, store, now=now, run_id=context.run.run_id) as monitor:
                for key, window in _windows(context, model.config).items():
                    reports[key] = step(monitor, window)
                    context.log.info("%s: %s", key, reports[key].sentence)
        finally:  # also of a log that could not be read: that is a verdict, and somebody is told
            flush_alerts(model, store, now, context.run.run_id, context.log.warning)
    return reports


@contextmanager
def _failures() -> Iterator[None]:
    """Turn our errors into failures that say the sentence and are tried again only if it helps."""
    try:
        yield
    except MonitoringError as error:
        if isinstance(error, SourceChangedError):
            raise dg.RetryRequested(RETRIES, RETRY_AFTER_S) from error
        raise dg.Failure(description=str(error), allow_retries=False) from error


def _windows(context: dg.AssetExecutionContext, config: ModelConfig) -> dict[str, Window]:
    """Windows of the run by partition key.

    The button that executes a check alone asks for no partition; it gets the window that ended
    last.
    """
    partitions = partitions_of(config)
    keys: list[str] = []
    if context.has_partition_key or context.has_partition_key_range:
        keys = list(context.partition_keys)
    elif last := partitions.get_last_partition_key():
        keys = [last]
    return {key: window_of_key(partitions, key) for key in keys}


def _materialized(
    context: dg.AssetExecutionContext,
    key: dg.AssetKey,
    by_window: Mapping[str, list[Result]],
    reports: Mapping[str, "WindowReport"],
) -> dg.MaterializeResult[Any]:
    for name, results in by_window.items():
        metadata: dict[str, Any] = {"verdicts": verdict_table(results), **numbers(results)}
        if key.path[-1] == "fairness":
            metadata |= worst_groups(results)
        metadata |= why_table(results) | pictures_of(reports[name], key.path[-1])
        table = reports[name].table
        if key.path[-1] == "predictions" and table is not None:
            metadata |= table_metadata(table)
        context.add_asset_metadata(metadata, asset_key=key, partition_key=name)
    return dg.MaterializeResult(asset_key=key)
