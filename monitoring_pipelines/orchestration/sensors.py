"""Two sensors per code location: recompute what labels changed, deliver what is to be said."""

from pathlib import Path

import dagster as dg

from monitoring_pipelines.errors import DeliveryError
from monitoring_pipelines.orchestration.quiet import young_features


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


def delivery_sensor(root: Path) -> dg.SensorDefinition:
    """Sensor that drains the outbox; it turns red while messages cannot be delivered."""

    @dg.sensor(
        name="deliver_alerts",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends what waits in the outbox to Slack.",
    )
    def deliver_alerts() -> dg.SkipReason:
        from monitoring_pipelines.pipeline.environment import deliver, open_store, sentence

        store = open_store(root)
        report = deliver(store)
        if report.failed or report.dead:
            raise DeliveryError(f"{sentence(report)}; what is undelivered stays queued")
        return dg.SkipReason(sentence(report))

    return deliver_alerts
