"""The alert path as Dagster shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.config.monitoring import MonitoringConfig
from monitoring_pipelines.orchestration.alerts import delivery_check, digests
from monitoring_pipelines.pipeline.environment import open_store
from monitoring_pipelines.store import outbox, sending
from monitoring_pipelines.store.outbox import Told
from tests.dagster_project import attributes
from tests.fake_slack import TOKEN, FakeSlack, without_proxy
from tests.notify.messages import message

if TYPE_CHECKING:
    import pytest


def checked(root: Path, instance: dg.DagsterInstance) -> dg.AssetCheckEvaluation:
    asset, check = delivery_check(root)
    found = dg.Definitions(assets=[asset], asset_checks=[check])
    done = found.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)
    (evaluation,) = done.get_asset_check_evaluations()
    return evaluation


def test_a_message_that_was_given_up_fails_the_check(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITORING_DATABASE_URL", raising=False)
    store = open_store(tmp_path)
    assert checked(tmp_path, instance).passed
    with store.write() as connection:
        said = Told(1, Op.OPEN, message().to_json())
        outbox.enqueue(connection, "inc_1", "slack:C0", said, datetime.now(UTC))
    assert checked(tmp_path, instance).passed  # it waits, as without a token
    with store.write() as connection:
        claimed = sending.claim(connection, {"slack:C0": timedelta()}, "me", datetime.now(UTC))
        assert claimed is not None
        sending.bury(connection, claimed, "msg_too_long")
    failed = checked(tmp_path, instance)
    assert not failed.passed
    assert failed.severity is dg.AssetCheckSeverity.ERROR
    assert "1 given up" in str(failed.description)


def test_a_digest_is_sent_by_its_job(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_proxy(monkeypatch)
    monkeypatch.delenv("MONITORING_DATABASE_URL", raising=False)
    config = MonitoringConfig.model_validate({"digest_to": ["slack:C0ALERTS"]})
    (weekly,) = digests(config, tmp_path, [ModelConfig.model_validate(attributes())])
    with FakeSlack() as slack:
        monkeypatch.setenv("SLACK_API_URL", slack.url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
        job = weekly.job
        assert isinstance(job, dg.JobDefinition)
        for _ in range(2):  # a tick that is repeated says nothing twice
            tags = {"dagster/scheduled_execution_time": "2026-11-23T08:00:00+00:00"}
            assert job.execute_in_process(instance=instance, tags=tags).success
        (shown,) = slack.messages
    assert "1 models, 0 checks" in shown["text"]


def test_each_digest_has_its_rhythm() -> None:
    both = MonitoringConfig(daily_digest="0 9 * * *", timezone="Europe/Madrid")
    found = [(s.name, s.cron_schedule, s.execution_timezone) for s in digests(both, Path(), [])]
    assert found == [
        ("weekly_digest", "0 8 * * 1", "Europe/Madrid"),
        ("daily_digest", "0 9 * * *", "Europe/Madrid"),
    ]
    assert digests(MonitoringConfig(weekly_digest=None), Path(), []) == []
