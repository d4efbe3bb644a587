"""Schedules ask for the window that ended last; the label watch reports what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.orchestration.assets import build_assets
from monitoring_pipelines.orchestration.schedules import (
    LOOK_BACK,
    cadence_schedules,
    parts_of,
    schedule_name,
)
from monitoring_pipelines.pipeline.model import Model
from tests.dagster_project import attributes, definitions, write_labels, write_log, write_project

TICK = datetime(2026, 3, 15, 6, tzinfo=UTC)


def config(**more: Any) -> ModelConfig:
    return ModelConfig.model_validate(attributes(**more))


def asked(
    instance: dg.DagsterInstance, *models: ModelConfig, at: datetime = TICK
) -> list[tuple[str, str]]:
    """Model and partition of every run that the only schedule of `models` asks for."""
    (schedule,) = cadence_schedules(models)
    built = [build_assets(Model(model, Path(), Path())) for model in models]
    found = dg.Definitions.merge(*built, dg.Definitions(schedules=[schedule]))
    with dg.build_schedule_context(
        instance, scheduled_execution_time=at, repository_def=found.get_repository_def()
    ) as context:
        tick = schedule.evaluate_tick(context)
    runs = tick.run_requests or ()
    return [(run.tags["monitoring/model"], str(run.partition_key)) for run in runs]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "monitor_day_0600_UTC"),
        ({"timezone": "America/New_York"}, "monitor_day_0600_America_New_York"),
        ({"window": "hour"}, "monitor_hour_minute_15_UTC"),
        ({"schedule": "30 4 * * *"}, "monitor_day_0430_UTC"),
    ],
)
def test_names_can_be_read(more: dict[str, Any], name: str) -> None:
    assert schedule_name(config(**more)) == name


def test_other_cron_lines_have_other_names() -> None:
    lines = ["0 6 * * *", "0 6 * * 1", "0 6 * * 2", "*/5 * * * *"]
    assert len({schedule_name(config(schedule=line)) for line in lines}) == len(lines)


def test_one_run_per_model_for_the_window_that_ended_last(instance: dg.DagsterInstance) -> None:
    # the models start on different days, and one schedule serves both
    later = {"start": "2026-03-05", "end": "2026-03-08"}
    models = [config(), config(name="churn", reference=later)]
    assert asked(instance, *models) == [("churn", "2026-03-14"), ("fraud", "2026-03-14")]


def test_missed_windows_are_asked_for_oldest_first(instance: dg.DagsterInstance) -> None:
    key = dg.AssetKey(["fraud", "predictions"])
    for day in ("2026-03-13", "2026-03-11"):
        instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=day))
    # back from the 14th to the start of monitoring, without the two that are there
    start = max(15 - LOOK_BACK, config().first.day)
    days = [f"2026-03-{day:02}" for day in range(start, 15) if day not in {11, 13}]
    assert [day for _, day in asked(instance, config())] == days


def test_nothing_is_asked_for_outside_of_the_monitored_time(instance: dg.DagsterInstance) -> None:
    before, after = datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 5, 1, 6, tzinfo=UTC)
    assert asked(instance, config(), at=before) == []
    assert asked(instance, config(), at=after) == []


def test_the_label_watch_reports_only_what_changed(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    root = write_project(tmp_path / "p")
    write_log(root)
    write_labels(root, days=15)
    found = definitions(root)

    def observed() -> set[str | None]:
        job = found.resolve_job_def("watch_labels")
        result = job.execute_in_process(instance=instance)
        events = result.get_asset_observation_events()
        return {event.asset_observation_data.asset_observation.partition for event in events}

    first = observed()
    # labels exist until the 15th; all windows are mature by now, so those without any label are
    # reported too: they are lost
    assert {"2026-03-15", "2026-03-20"} <= first
    performance = dg.AssetKey(["fraud", "performance"])
    found.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=[performance],
        tags={
            "dagster/asset_partition_range_start": min(map(str, first)),
            "dagster/asset_partition_range_end": max(map(str, first)),
        },
    )
    assert observed() == set()


def test_a_missing_label_file_does_not_hide_the_other_models(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    lost = attributes("lost")
    lost["labels"] = {**lost["labels"], "location": "data/nowhere.parquet"}
    root = write_project(tmp_path / "p", attributes(), lost)
    write_log(root)
    job = definitions(root).resolve_job_def("watch_labels")
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    seen = instance.fetch_observations(dg.AssetKey(["fraud", "labels"]), limit=1)
    assert len(seen.records) == 1
    (failure,) = (event for event in result.all_events if event.is_step_failure)
    said = failure.step_failure_data.user_failure_data
    assert said is not None
    assert str(said.description).startswith("lost: No file or table at 'data/nowhere.parquet'")


def test_hourly_windows_are_asked_for_hour_by_hour(instance: dg.DagsterInstance) -> None:
    hourly = config(window="hour", end=None)
    at = TICK + timedelta(minutes=15)
    assert asked(instance, hourly, at=at) == [("fraud", "2026-03-15-05:00")]


def test_a_run_makes_every_asset_of_the_model() -> None:
    fair = {"fairness": {"attributes": ["channel"]}, "performance": {"threshold": 0.5}}
    always = ["predictions", "quality", "drift"]
    assert parts_of(config(labels=None)) == [*always, "security", "governance"]
    assert parts_of(config()) == [
        *always,
        "estimated_performance",
        "performance",
        "security",
        "governance",
    ]
    assert parts_of(config(**fair)) == [
        *always, "estimated_performance", "performance", "fairness", "security", "governance",
    ]  # fmt: skip
    assert parts_of(config(**fair, labels=None)) == [*always, "fairness", "security", "governance"]
