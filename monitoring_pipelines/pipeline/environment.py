"""The only place that reads the environment: where the database is, what Slack is called by."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.settings import AlertSettings
from monitoring_pipelines.alerts.triage import Cause
from monitoring_pipelines.notify.base import DEFAULT_CHANNEL
from monitoring_pipelines.notify.connect import notifiers
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.delivery import DrainReport, drain
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from monitoring_pipelines.pipeline.model import Model

DATABASE = "MONITORING_DATABASE_URL"
UI = "MONITORING_UI_URL"
CHANNEL = "SLACK_CHANNEL"
TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - the name of the variable

# which asset a message leads to
ASSETS = {
    Cause.PERFORMANCE.value: "performance",
    Cause.DATA_CONTRACT.value: "quality",
    Cause.SILENCE.value: "predictions",
}


def open_store(root: Path) -> Store:
    """Open the monitoring database; by default an SQLite file under the project's `.monitoring`."""
    return Store.open(os.environ.get(DATABASE) or default_url(root))


def default_url(root: Path) -> str:
    """URL of the embedded database of a project."""
    return f"sqlite:///{root / '.monitoring' / 'monitoring.db'}"


def alert_settings(model: Model) -> AlertSettings:
    """Who is told of a model's incidents, and where."""
    config = model.config
    return AlertSettings(
        model=config.name,
        owner=config.owner or "",
        cadence=config.window,
        zone=config.zone,
        channel=config.alerts.slack or DEFAULT_CHANNEL,
        ui_url=os.environ.get(UI) or None,
        assets=ASSETS,
        runbook=config.alerts.runbook,
    )


def flush_alerts(
    model: Model, store: Store, now: datetime, run_id: str, tell: Callable[[str], None]
) -> None:
    """Decide what a run's results mean for people, and say it if that is possible now.

    What cannot be said stays in the outbox for the sensor, so a run never fails by it.
    """
    evaluate(store.engine, alert_settings(model), now, run_id)
    sent = deliver(store)
    if sent.waiting or sent.dead:
        tell(sentence(sent))


def deliver(store: Store) -> DrainReport:
    """Send what waits in the outbox, as far as this environment has the secrets for it."""
    return drain(store.engine, notifiers(os.environ), datetime.now(UTC))


def sentence(report: DrainReport) -> str:
    """What became of the outbox."""
    parts = [f"{report.sent} message(s) sent"]
    if report.failed:
        parts.append(f"{report.failed} call(s) failed")
    if report.waiting:
        why = "" if os.environ.get(TOKEN) else f" since {TOKEN} is not set"
        parts.append(f"{report.waiting} kept{why}; `mlmon incidents` shows them")
    if report.dead:
        parts.append(f"{report.dead} given up, see `mlmon doctor`")
    return "; ".join(parts)


def waiting(connection: Connection) -> str:
    """How many messages have not been said yet, and why."""
    counts = outbox.counts(connection)
    waits = sum(counts.get(state, 0) for state in outbox.WAITING)
    dead = counts.get(outbox.Delivery.DEAD, 0)
    return sentence(
        DrainReport(sent=counts.get(outbox.Delivery.SENT, 0), failed=0, waiting=waits, dead=dead)
    )
