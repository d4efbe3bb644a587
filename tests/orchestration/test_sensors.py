"""Late labels ask for exactly their windows; the outbox is drained, and red while it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from monitoring_pipelines.errors import DeliveryError
from monitoring_pipelines.orchestration.alerts import DELIVERY
from monitoring_pipelines.orchestration.quiet import young_features
from monitoring_pipelines.orchestration.sensors import delivery_sensor
from monitoring_pipelines.pipeline.environment import open_store
from monitoring_pipelines.store.stuck import retry
from tests.dagster_project import definitions, write_labels, write_log, write_project
from tests.fake_slack import TOKEN, FakeSlack, without_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "p")


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    without_proxy(monkeypatch)
    with FakeSlack() as running:
        monkeypatch.setenv("SLACK_API_URL", running.url)
        monkeypatch.setenv("SLACK_CHANNEL", "C0ALERTS")
        yield running


def ran(root: Path, instance: dg.DagsterInstance, first: str, last: str) -> dg.Definitions:
    """Definitions after all assets were made over a range of days."""
    found = definitions(root)
    parts = ("predictions", "quality", "drift", "estimated_performance", "performance")
    found.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey(["fraud", part]) for part in parts],
        tags={
            "dagster/asset_partition_range_start": first,
            "dagster/asset_partition_range_end": last,
        },
    )
    return found


class Looks:
    """The recomputation sensor, look by look, after ten days were run."""

    performance = dg.AssetKey(["fraud", "performance"])

    def __init__(self, root: Path, instance: dg.DagsterInstance) -> None:
        write_log(root)
        write_labels(root, days=15)
        self.definitions = ran(root, instance, "2026-03-11", "2026-03-20")
        self.instance = instance
        self.cursor: Any = None

    def observe(self, day: str, version: str) -> None:
        labels, tags = dg.AssetKey(["fraud", "labels"]), {"dagster/data_version": version}
        seen = dg.AssetObservation(labels, partition=day, tags=tags)
        self.instance.report_runless_asset_event(seen)

    def requested(self) -> set[str]:
        """Partitions that one look asks for."""
        with young_features():
            result = dg.evaluate_automation_conditions(
                self.definitions, self.instance, cursor=self.cursor
            )
        self.cursor = result.cursor
        return {str(day) for day in result.get_requested_partitions(self.performance)}


def run_without_a_log(root: Path, instance: dg.DagsterInstance) -> None:
    """Fail as a run does whose log is gone, which is an incident at once."""
    write_log(root)
    (root / "data" / "predictions.parquet").unlink()
    result = (
        definitions(root)
        .resolve_implicit_global_asset_job_def()
        .execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["fraud", "predictions"])],
            partition_key="2026-03-15",
            raise_on_error=False,
        )
    )
    assert not result.success


def test_only_windows_whose_labels_changed_are_asked_for(
    root: Path, instance: dg.DagsterInstance
) -> None:
    looks = Looks(root, instance)
    assert looks.requested() == set()
    for day in ("2026-03-16", "2026-03-17"):
        looks.observe(day, "300@2026-03-18")
    assert looks.requested() == {"2026-03-16", "2026-03-17"}
    assert looks.requested() == set()
    looks.observe("2026-03-16", "300@2026-03-18")
    assert looks.requested() == set()  # the same labels, looked at again


def test_labels_right_after_a_run_are_not_forgotten(
    root: Path, instance: dg.DagsterInstance
) -> None:
    looks = Looks(root, instance)
    assert looks.requested() == set()
    # within one interval of the sensor Dagster takes the run for the answer to the labels
    done = dg.AssetMaterialization(looks.performance, partition="2026-03-16")
    instance.report_runless_asset_event(done)
    looks.observe("2026-03-16", "2026-03-18: 300@2026-03-18")
    at_once = looks.requested()
    looks.observe("2026-03-16", "2026-03-19: 300@2026-03-18")
    assert at_once | looks.requested() == {"2026-03-16"}


def test_without_a_token_messages_wait_and_the_sensor_stays_green(
    root: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    run_without_a_log(root, instance)
    with dg.build_sensor_context(instance) as context:
        tick = delivery_sensor(root, []).evaluate_tick(context)
    assert "2 kept since SLACK_BOT_TOKEN is not set" in str(tick.skip_message)


def test_an_incident_is_posted_once(
    root: Path,
    instance: dg.DagsterInstance,
    slack: FakeSlack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    run_without_a_log(root, instance)  # somebody is told at the end of that run
    with dg.build_sensor_context(instance) as context:
        delivery_sensor(root, []).evaluate_tick(context)
    root_message, evidence = slack.messages
    assert evidence["thread_ts"] == root_message["ts"]


def delivers(instance: dg.DagsterInstance) -> bool | None:
    """What the check says without anybody having executed it."""
    record = instance.get_latest_asset_check_evaluation_record(DELIVERY)
    return record.evaluation.passed if record and record.evaluation else None


def test_a_refused_token_turns_the_sensor_red_and_loses_nothing(
    root: Path,
    instance: dg.DagsterInstance,
    slack: FakeSlack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    run_without_a_log(root, instance)
    sensor = delivery_sensor(root, [])
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    with (
        dg.build_sensor_context(instance) as context,
        pytest.raises(DeliveryError, match="1 call\\(s\\) failed; 2 kept"),
    ):
        sensor.evaluate_tick(context)
    assert slack.messages == []
    assert delivers(instance) is False
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    with open_store(root).write() as connection:
        retry(connection, datetime.now(UTC))
    with dg.build_sensor_context(instance) as context:
        sensor.evaluate_tick(context)
    assert len(slack.messages) == 2
    assert delivers(instance) is True
