"""The component that a user declares once per code location."""

from pathlib import Path
from typing import Any

import dagster as dg
from dagster.components import Scaffolder, ScaffoldRequest, scaffold_component, scaffold_with

from monitoring_pipelines.components.monitored_model import MonitoredModel, refuse_namesakes
from monitoring_pipelines.orchestration.schedules import cadence_schedules, label_watch
from monitoring_pipelines.orchestration.sensors import delivery_sensor, recompute_sensor
from monitoring_pipelines.pipeline.model import Model


class MonitoringScaffolder(Scaffolder[Any]):
    """Write a `defs.yaml` with the default rhythm."""

    def scaffold(self, request: ScaffoldRequest[Any]) -> None:
        """Write the file."""
        scaffold_component(request, {"watch_labels": "*/30 * * * *"})


@scaffold_with(MonitoringScaffolder)
class Monitoring(dg.Component, dg.Model, dg.Resolvable):
    """Schedules, label watch, recomputation and alert delivery of all monitored models."""

    watch_labels: str = "*/30 * * * *"
    """Cron line: how often new labels are looked for."""

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Build the schedules and sensors."""
        models = context.component_tree.get_all_components(of_type=MonitoredModel)
        refuse_namesakes(models)
        root = Path(context.project_root)
        schedules = cadence_schedules(models)
        if any(model.labels and model.labels.location for model in models):
            placed = [Model(model, root, root) for model in models]
            schedules.append(label_watch(placed, self.watch_labels))
        return dg.Definitions(
            schedules=schedules,
            sensors=[recompute_sensor(), delivery_sensor(root)],
        )
