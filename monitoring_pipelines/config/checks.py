"""What is judged, and how strictly. Every field has a calibrated default."""

import math
from typing import Any

from pydantic import Field, field_validator, model_validator

from monitoring_pipelines.config.section import Section
from monitoring_pipelines.errors import ConfigError, UnknownNameError
from monitoring_pipelines.registry import Registry

# what is broken data whatever the world does
CONTRACT = {"missing_rate": 0.1, "type_change": 0.1, "duplicate_rate": 0.1}


def known(registry_names: str, names: dict[str, float]) -> dict[str, float]:
    """Refuse a tolerance for a metric that does not exist."""
    from monitoring_pipelines import metrics  # numpy and scipy: only when a tolerance is set

    registries: list[Registry[Any]] = [getattr(metrics, name) for name in registry_names.split()]
    there = {name for registry in registries for name in registry}
    if "QUALITY" in registry_names:
        there |= {*CONTRACT}
    for name in names:
        if name not in there:
            raise UnknownNameError("metric", name, there)
    return names


class Features(Section):
    """Which columns are model inputs. By default all that have no other role."""

    include: tuple[str, ...] = ()
    """Only these."""
    exclude: tuple[str, ...] = ()
    """All but these."""
    numeric: tuple[str, ...] = ()
    """To be treated as numbers, whatever they look like."""
    categorical: tuple[str, ...] = ()
    """To be treated as categories."""

    @model_validator(mode="before")
    @classmethod
    def _list(cls, data: Any) -> Any:
        return {"include": data} if isinstance(data, list | tuple) else data

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        for name in self.numeric:
            if name in self.categorical:
                raise ConfigError(f"'{name}' is both in `numeric` and in `categorical`.")
        for name in self.include:
            if name in self.exclude:
                raise ConfigError(f"'{name}' is both in `include` and in `exclude`.")


class Performance(Section):
    """How performance is judged, estimated and realised."""

    metric: str | None = None
    """The one that pages; by default roc_auc, macro_roc_auc, accuracy or mae, by the task."""
    tolerance: float | None = Field(default=None, gt=0)
    """Smallest loss that matters; by default the metric's own, less near perfection."""
    threshold: float | None = None
    """Score from which a binary model decides for the positive class, if it logs no decision."""
    min_rows: int = Field(default=200, ge=2)
    """Below so many labelled rows there is no verdict."""
    min_coverage: float = Field(default=0.5, ge=0, le=1)
    """Below this share of labelled rows a provisional number gets no verdict."""
    estimate: bool = True
    """Whether performance is estimated before labels come, if the reference has any."""


class Drift(Section):
    """How drift is judged. It explains, and never pages."""

    tolerances: dict[str, float] = Field(default_factory=dict)
    """Smallest change that matters, by metric."""
    min_rows: int = Field(default=200, ge=2)
    """Below so many rows there is no verdict."""

    _known = field_validator("tolerances")(lambda names: known("DRIFT", names))


class Quality(Section):
    """How broken data is judged."""

    tolerances: dict[str, float] = Field(default_factory=dict)
    """Smallest rise of the share of bad values that is worth a warning, by metric."""
    fail_above: dict[str, float] = Field(default_factory=dict)
    """Rise of a share from which the data contract counts as broken, by metric. By default 0.1 for
    missing_rate, type_change and duplicate_rate; unseen and out-of-range values may be drift,
    which never pages, unless they are named here. So may sanity checks be: a finding whose value
    is above it fails."""
    min_rows: int = Field(default=30, ge=1)
    """Below so many rows there is no verdict."""

    _known = field_validator("tolerances")(lambda names: known("QUALITY", names))
    _contract = field_validator("fail_above")(lambda names: known("QUALITY SANITY", names))

    def contract(self, metric: str) -> float:
        """Rise of `metric` that breaks the contract; infinite if none does."""
        return self.fail_above.get(metric, CONTRACT.get(metric, math.inf))
