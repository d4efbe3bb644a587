"""The component that a user declares once per model."""

from pathlib import Path
from typing import Any

import dagster as dg
from dagster.components import Scaffolder, ScaffoldRequest, scaffold_component, scaffold_with
from pydantic import BaseModel, Field, PrivateAttr

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
        return ModelConfig

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> "MonitoredModel":
        """Fill in ``{{ env.X }}``, then validate once more."""
        if attributes is None:
            raise ConfigError(f"{context.path}: a MonitoredModel needs `attributes`.")
        written = attributes.model_dump(mode="json", exclude_unset=True)
        refuse_passwords(written)
        return cls.model_validate(_resolved(written, context.resolution_context, ""))

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Build the model's assets and checks."""
        folder = Path(context.path)
        folder = folder if folder.is_dir() else folder.parent
        self._placed = Model(self, Path(context.project_root), folder)
        return build_assets(self._placed)

    @property
    def placed(self) -> Model | None:
        """The model with the folders its paths are relative to, once its definitions are built."""
        return self._placed


def _resolved(value: Any, context: dg.ResolutionContext, place: str) -> Any:
    """Fill in templates; a text without one stays the text it is ("1" is no number)."""
    if isinstance(value, dict):
        return {k: _resolved(v, context, f"{place}.{k}".strip(".")) for k, v in value.items()}
    if isinstance(value, list):
        return [_resolved(item, context, place) for item in value]
    if not isinstance(value, str) or "{{" not in value:
        return value
    found = context.resolve_value(value)
    if found in (None, ""):
        raise ConfigError(f"`{place}` is {value}, and that is not set in the environment.")
    return found


def refuse_passwords(written: dict[str, Any]) -> None:
    """Refuse a secret in the YAML itself; it belongs into the environment."""
    for section in ("predictions", "labels"):
        location = str(written.get(section, {}).get("location", ""))
        user = location.split("://", 1)[-1].split("@", 1)[0] if "@" in location else ""
        if ":" in user and "{{" not in user:
            raise ConfigError(
                f"`{section}.location` holds a password. Put the URL into the environment and "
                'write "{{ env.NAME }}".'
            )
