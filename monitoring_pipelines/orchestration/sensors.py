"""Two sensors per code location: recompute what labels changed, deliver what is to be said."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from monitoring_pipelines.errors import DeliveryError
from monitoring_pipelines.orchestration.alerts import show_delivery
from monitoring_pipelines.orchestration.failures import failed_runs, last_successes
from monitoring_pipelines.orchestration.quiet import young_features
from monitoring_pipelines.pipeline.model import Model

# reminders, escalations and ends of silences need no more
LOOK_AGAIN = timedelta(minutes=5)
# a channel takes a message a second, and Dagster gives a tick a minute
BUDGET_S = 20.0


def recompute_sensor() -> dg.AutomationConditionSensorDefinition:
    """Sensor that runs the performance of exactly the windows whose labels changed."""
    with young_features():
        return dg.AutomationConditionSensorDefinition(
            name="recompute_as_labels_come",
            target=dg.AssetSelection.all(),
            minimum_interval_seconds=300,
            default_status=dg.DefaultSensorStatus.RUNNING,
            description="Computes the performance of exactly the windows whose labels changed.",
        )


def delivery_sensor(root: Path, models: Sequence[Model]) -> dg.SensorDefinition:
    """Sensor that drains the outbox; it turns red while messages cannot be delivered.

    It also tells of failed runs, and decides again on open incidents every few minutes.
    """
    watched = {name for model in models for name in model.config.alerts.failures_of}

    @dg.sensor(
        name="deliver_alerts",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends what waits in the outbox; reminds, escalates and tells of failed runs.",
    )
    def deliver_alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        from monitoring_pipelines.pipeline.environment import (
            deliver,
            look_again,
            open_store,
            sentence,
        )
        from monitoring_pipelines.pipeline.failures import tell_of_failures, tell_of_upstream

        now = datetime.now(UTC)
        seen: dict[str, Any] = json.loads(context.cursor or "{}")
        store = open_store(root)
        failures = failed_runs(context.instance, seen.get("runs"), now, watched)
        seen["runs"] = failures.seen
        tell_of_failures(models, store, failures.runs, now)
        fine = last_successes(context.instance, watched)
        tell_of_upstream(models, store, failures.upstream, fine, now)
        looked = datetime.fromisoformat(seen["looked"]) if "looked" in seen else None
        if looked is None or now - looked >= LOOK_AGAIN:
            look_again(models, store, now)
            seen["looked"] = now.isoformat()
        # before anything can fail: what was looked at is in the database
        context.update_cursor(json.dumps(seen))
        report = deliver(store, BUDGET_S)
        show_delivery(context.instance, store)
        if report.failed or report.dead or report.blocked:
            raise DeliveryError(f"{sentence(report)}; what is undelivered stays queued")
        return dg.SkipReason(sentence(report))

    return deliver_alerts
