"""What all assets of a model have in common."""

from typing import Any

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.orchestration.partitions import partitions_of


def asset_spec(config: ModelConfig, name: str, **more: Any) -> dg.AssetSpec:
    """Key, group, owner, tags and partitions of one asset of a model; `more` are its own."""
    metadata: dict[str, Any] = {"task": config.task.value, "window": config.window.value}
    if config.alerts.runbook:
        metadata["runbook"] = dg.MetadataValue.url(config.alerts.runbook)
    return dg.AssetSpec(
        key=[config.name, name],
        group_name=config.name,
        owners=[config.owner] if config.owner else [],
        tags={"monitoring/model": config.name, "monitoring/window": config.window.value},
        metadata=metadata,
        partitions_def=partitions_of(config),
        **more,
    )
