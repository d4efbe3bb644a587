"""Every asset of a model says whose it is and what it is of."""

from __future__ import annotations

import dagster as dg

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.orchestration.specs import asset_spec
from tests.dagster_project import attributes


def test_an_asset_tells_model_owner_task_and_runbook() -> None:
    config = ModelConfig.model_validate(attributes())
    spec = asset_spec(config, "quality", description="Shares of bad values.")
    assert spec.key == dg.AssetKey(["fraud", "quality"])
    assert (spec.group_name, [*spec.owners]) == ("fraud", ["team:risk"])
    assert spec.description == "Shares of bad values."
    assert spec.tags["monitoring/model"] == "fraud"
    assert spec.metadata["task"] == "binary_classification"
    assert spec.metadata["runbook"].value == "https://example.org/runbook"
    assert isinstance(spec.partitions_def, dg.TimeWindowPartitionsDefinition)


def test_without_an_owner_and_a_runbook() -> None:
    config = ModelConfig.model_validate(attributes(owner=None, alerts=None))
    spec = asset_spec(config, "drift")
    assert [*spec.owners] == []
    assert "runbook" not in spec.metadata
