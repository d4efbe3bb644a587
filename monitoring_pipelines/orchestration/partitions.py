"""Dagster's partitions are the model's windows."""

from datetime import datetime

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.window import Cadence, Window, floor, following

_CRON = {
    Cadence.HOUR: "0 * * * *",
    Cadence.DAY: "0 0 * * *",
    Cadence.WEEK: "0 0 * * 1",
    Cadence.MONTH: "0 0 1 * *",
    Cadence.YEAR: "0 0 1 1 *",
}


def partitions_of(config: ModelConfig) -> dg.TimeWindowPartitionsDefinition:
    """Partitions with one key per window, in the model's time zone.

    Dagster has no partition for a window that its `start` or `end` cuts; the model has the whole
    window, so both are moved to its edge.
    """
    return dg.TimeWindowPartitionsDefinition(
        start=floor(config.first, config.window, config.zone),
        end=None if config.last is None else _ceiling(config, config.last),
        fmt=config.window.key_format,
        cron_schedule=_CRON[config.window],
        timezone=config.timezone,
    )


def window_of_key(partitions: dg.TimeWindowPartitionsDefinition, key: str) -> Window:
    """The window that a partition key names."""
    span = partitions.time_window_for_partition_key(key)
    return Window(span.start, span.end)


def _ceiling(config: ModelConfig, moment: datetime) -> datetime:
    start = floor(moment, config.window, config.zone)
    return start if start == moment else following(start, config.window)
