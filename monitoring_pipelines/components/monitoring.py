"""The component that a user declares once per code location."""

from pathlib import Path
from typing import Any

import dagster as dg
from dagster.components import Scaffolder, ScaffoldRequest, scaffold_component, scaffold_with

from monitoring_pipelines.components.monitored_model import MonitoredModel, refuse_namesakes
from monitoring_pipelines.components.templates import fill_in
from monitoring_pipelines.config.monitoring import MonitoringConfig
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.orchestration.alerts import delivery_check, digests
from monitoring_pipelines.orchestration.schedules import cadence_schedules, label_watch
from monitoring_pipelines.orchestration.sensors import delivery_sensor, recompute_sensor
from monitoring_pipelines.pipeline.model import Model


class MonitoringScaffolder(Scaffolder[Any]):
    """Write a `defs.yaml` with the default rhythm."""

    def scaffold(self, request: ScaffoldRequest[Any]) -> None:
        """Write the file."""
        scaffold_component(request, {"watch_labels": "*/30 * * * *"})


@scaffold_with(MonitoringScaffolder)
class Monitoring(MonitoringConfig, dg.Component):
    """Schedules, label watch, recomputation, alert delivery and digests of all monitored models."""

    @classmethod
    def get_model_cls(cls) -> type[MonitoringConfig]:
        """Model that Dagster validates the YAML with, so that errors carry file and line."""
        return MonitoringConfig

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> "Monitoring":
        """Fill in ``{{ env.X }}``, then validate once more; nothing has to be given."""
        written = attributes.model_dump(mode="json", exclude_unset=True) if attributes else {}
        try:
            return cls.model_validate(fill_in(written, context.resolution_context.scope))
        except ConfigError as error:
            raise ConfigError(f"{context.path}: {error}") from None

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Build the schedules, the sensors and the check of delivery."""
        declared = context.component_tree.get_all_components(of_type=MonitoredModel)
        refuse_namesakes(declared)
        root = Path(context.project_root)
        models = [Model(model.below(self.alerts), root, root) for model in declared]
        configs = [model.config for model in models]
        schedules = [*cadence_schedules(configs), *digests(self, root, configs)]
        if any(model.labels and model.labels.location for model in configs):
            schedules.append(label_watch(models, self.watch_labels))
        asset, check = delivery_check(root)
        return dg.Definitions(
            assets=[asset],
            asset_checks=[check],
            schedules=schedules,
            sensors=[recompute_sensor(), delivery_sensor(root, models)],
        )
