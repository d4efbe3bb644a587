"""The component that a user declares once per model."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg
from dagster.components import Scaffolder, ScaffoldRequest, scaffold_component, scaffold_with
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from monitoring_pipelines.components.card_file import with_card_file
from monitoring_pipelines.components.templates import fill_in
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.orchestration.assets import build_assets
from monitoring_pipelines.pipeline.model import Model


class MonitoredModelParams(BaseModel):
    """Options of `dg scaffold defs monitoring_pipelines.components.MonitoredModel NAME`."""

    location: str = Field(
        "data/predictions/*.parquet", description="Where the prediction log lies."
    )
    task: Task = Field(Task.BINARY, description="Kind of model.")
    start: str = Field("2026-01-01", description="First day of the reference period.")
    end: str = Field("2026-04-01", description="End of the reference period.")


class MonitoredModelScaffolder(Scaffolder[MonitoredModelParams]):
    """Write a `defs.yaml` that loads, with the names to change in it."""

    @classmethod
    def get_scaffold_params(cls) -> type[MonitoredModelParams]:
        """Options of the command."""
        return MonitoredModelParams

    def scaffold(self, request: ScaffoldRequest[MonitoredModelParams]) -> None:
        """Write the file."""
        params = request.params
        columns = {"id": "id", "timestamp": "timestamp", "prediction": "prediction"}
        if params.task is Task.BINARY:
            columns["prediction_score"] = "score"
        scaffold_component(
            request,
            {
                "name": request.target_path.name,
                "task": params.task.value,
                "predictions": {"location": params.location, "columns": columns},
                "reference": {"start": params.start, "end": params.end},
                "window": "day",
            },
        )


class _Written(ModelConfig):
    """The model as it stands in a YAML file: no place for a secret."""

    model_config = ConfigDict(title="MonitoredModel")

    @model_validator(mode="before")
    @classmethod
    def _no_secret(cls, data: Any) -> Any:
        for name in ("predictions", "labels"):
            section = data.get(name) if isinstance(data, dict) else None
            if isinstance(section, dict) and _has_password(section.get("location")):
                raise ConfigError(
                    f"`{name}.location` holds a password. Put the URL into the environment and "
                    'write "{{ env.NAME }}".'
                )
        return data


@scaffold_with(MonitoredModelScaffolder)
class MonitoredModel(ModelConfig, dg.Component):
    """Scheduled monitoring of one model: its windows, data quality, drift and performance.

    Everything but ``name``, ``task``, ``predictions`` and ``reference`` has a default. The same
    keys work in YAML and as Python arguments.
    """

    _placed: Model | None = PrivateAttr(default=None)

    @classmethod
    def get_model_cls(cls) -> type[ModelConfig]:
        """Model that Dagster validates the YAML with, so that errors carry file and line."""
        return _Written

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> "MonitoredModel":
        """Fill in ``{{ env.X }}``, then validate once more."""
        if attributes is None:
            raise ConfigError(f"{context.path}: a MonitoredModel needs `attributes`.")
        written = attributes.model_dump(mode="json", exclude_unset=True)
        try:
            return cls.model_validate(fill_in(written, context.resolution_context.scope))
        except ConfigError as error:
            raise ConfigError(f"{context.path}: {error}") from None

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Build the model's assets and checks."""
        folder = Path(context.path)
        folder = folder if folder.is_dir() else folder.parent
        from monitoring_pipelines.components.monitoring import Monitoring  # which knows this module

        config: ModelConfig = self
        for shared in context.component_tree.get_all_components(of_type=Monitoring):
            config = self.below(shared.alerts)
        scope = context.resolution_context.scope
        governance = with_card_file(config.governance, folder, scope)
        config = config.model_copy(update={"governance": governance})
        self._placed = Model(config, Path(context.project_root), folder)
        return build_assets(self._placed)

    @property
    def placed(self) -> Model | None:
        """The model with the folders its paths are relative to, once its definitions are built."""
        return self._placed


def refuse_namesakes(models: Iterable[ModelConfig]) -> None:
    """Refuse two models with one name: their results would overwrite each other's."""
    counts = Counter(model.name for model in models)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ConfigError(
            f"{counts[twice[0]]} models are named '{twice[0]}'. Give each MonitoredModel its own "
            "`name`; results, assets and alerts go by it."
        )


def _has_password(url: Any) -> bool:
    user = str(url).split("://", 1)[-1].rsplit("@", 1)[0] if "@" in str(url) else ""
    return ":" in user and "{{" not in user
