"""What the environment says of the database, of Slack and of links."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.routing import destinations
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.errors import ConfigError, StoreError
from monitoring_pipelines.pipeline import environment
from monitoring_pipelines.pipeline.delivery import DrainReport
from monitoring_pipelines.pipeline.environment import (
    alert_settings,
    deliver,
    delivery_state,
    flush_alerts,
    look_again,
    open_store,
    readers,
    sentence,
    slack_admins,
    waiting,
)
from tests.fake_slack import TOKEN, FakeSlack
from tests.pipeline.lab import declared, labels_of, rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline.lab import Lab


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "MONITORING_DATABASE_URL", "MONITORING_UI_URL", "SLACK_BOT_TOKEN", "SLACK_CHANNEL",
        "MONITORING_FALLBACK",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


def test_the_database_is_a_file_of_the_project(tmp_path: Path) -> None:
    open_store(tmp_path)
    assert (tmp_path / ".monitoring" / "monitoring.db").is_file()


def test_the_environment_names_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITORING_DATABASE_URL", "nonsense")
    with pytest.raises(StoreError, match="The database URL cannot be understood"):
        open_store(tmp_path)


def test_settings_of_a_model(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITORING_UI_URL", "https://dagster.example.com")
    settings = alert_settings(lab.model)
    assert (settings.destination, settings.ui_url) == (
        "slack:default",
        "https://dagster.example.com",
    )


def test_without_a_token_messages_are_kept_and_told_of(lab: Lab) -> None:
    told: list[str] = []
    broken(lab, told)
    assert told == [
        "0 message(s) sent; 2 kept since SLACK_BOT_TOKEN is not set; `mlmon incidents` shows them"
    ]
    with lab.store.read() as connection:
        assert waiting(connection) == told[0]


def test_with_a_token_they_are_said_at_once(
    lab: Lab, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_API_URL", fake.url)
    monkeypatch.setenv("SLACK_CHANNEL", "C0ALERTS")
    told: list[str] = []
    broken(lab, told)
    assert told == []
    root, evidence = fake.messages
    assert root["channel"] == evidence["channel"] == "C0ALERTS"
    assert evidence["thread_ts"] == root["ts"]


def broken(lab: Lab, told: list[str]) -> None:
    """A day without a single row, which is critical."""
    log = rows(n_days=3)
    lab.write(log, labels_of(log, log["at"].iloc[1] - log["at"].iloc[0]))
    lab.at_once(lab.day(3))
    flush_alerts(lab.model, lab.store, datetime.now(UTC), "run", told.append)


def test_a_model_without_open_incidents_is_looked_at_if_it_is_named(lab: Lab) -> None:
    now = datetime.now(UTC)
    assert look_again([lab.model], lab.store, now) == 0
    assert look_again([lab.model], lab.store, now, also="credit") == 1


def test_admins_are_ids_with_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITORING_SLACK_ADMINS", "U1, U2 U3,")
    assert slack_admins() == {"U1", "U2", "U3"}
    monkeypatch.delenv("MONITORING_SLACK_ADMINS")
    assert slack_admins() == frozenset()


def test_sentences() -> None:
    report = DrainReport(sent=2, failed=1, waiting=0, dead=3, blocked=("slack:C0: is_archived",))
    assert sentence(report) == (
        "2 message(s) sent; 1 call(s) failed; 3 given up, see `mlmon outbox`; "
        "blocked is slack:C0: is_archived"
    )


def test_old_messages_are_deleted_once_a_day(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[datetime] = []
    monkeypatch.setattr(environment, "tidy", lambda connection, now: calls.append(now))
    for _ in range(3):
        deliver(lab.store)
    assert len(calls) == 1


def test_a_fallback_hears_of_what_is_blocked(
    lab: Lab, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-revoked")
    monkeypatch.setenv("SLACK_API_URL", fake.url)
    monkeypatch.setenv("SLACK_CHANNEL", "C0ALERTS")
    monkeypatch.setenv("MONITORING_FALLBACK", "slack_webhook:HOOK")
    monkeypatch.setenv("HOOK", fake.url.replace("/api/", "/services/T0/B0/x"))
    told: list[str] = []
    broken(lab, told)
    assert "blocked is slack:default: invalid_auth" in told[0]
    (said,) = fake.webhooks
    assert "Fallback: slack default cannot be reached (invalid_auth)" in str(said["blocks"])
    assert not delivery_state(lab.store).works


def test_security_has_a_place_of_its_own(lab: Lab) -> None:
    everywhere = {"to": ["slack:C0ALL"]}
    leaks = {"to": ["slack:C0LEAKS"], "causes": ["security"]}
    alerts = {"slack": "C0ALERTS", "routes": [everywhere, leaks]}
    told = {}
    for private in ([], ["slack:C0PRIVATE"]):
        lab.config = declared(alerts=alerts | {"security": private})
        settings = alert_settings(lab.model)
        for cause in (Cause.SECURITY, Cause.SILENCE):
            found = destinations(settings.routes, Severity.HIGH, cause, "", settings.destination)
            told[bool(private), cause] = set(found)
    assert told[False, Cause.SECURITY] == {"slack:C0ALL", "slack:C0LEAKS"}
    assert told[True, Cause.SECURITY] == {"slack:C0PRIVATE"}
    assert told[False, Cause.SILENCE] == told[True, Cause.SILENCE] == {"slack:C0ALL"}


def test_one_reader_for_each_core_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONITORING_READERS", raising=False)
    assert 1 <= readers() <= (os.cpu_count() or 1)
    monkeypatch.setenv("MONITORING_READERS", "3")
    assert readers() == 3
    for wrong in ("0", "-1", "two"):
        monkeypatch.setenv("MONITORING_READERS", wrong)
        with pytest.raises(ConfigError, match=f"MONITORING_READERS is '{wrong}'; it is a number"):
            readers()
