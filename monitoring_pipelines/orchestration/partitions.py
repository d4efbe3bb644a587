"""Dagster's partitions are the model's windows."""

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import Cadence, Window

_CRON = {
    Cadence.HOUR: "0 * * * *",
    Cadence.DAY: "0 0 * * *",
    Cadence.WEEK: "0 0 * * 1",
    Cadence.MONTH: "0 0 1 * *",
    Cadence.YEAR: "0 0 1 1 *",
}


def partitions_of(config: ModelConfig) -> dg.TimeWindowPartitionsDefinition:
    """Partitions with one key per window, in the model's time zone."""
    return dg.TimeWindowPartitionsDefinition(
        start=config.first,
        end=config.last,
        fmt=config.window.key_format,
        cron_schedule=_CRON[config.window],
        timezone=config.timezone,
    )


def window_of_key(partitions: dg.TimeWindowPartitionsDefinition, key: str) -> Window:
    """The window that a partition key names."""
    span = partitions.time_window_for_partition_key(key)
    return Window(span.start, span.end)
