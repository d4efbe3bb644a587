"""What every command needs: the project, one model of it, a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from monitoring_pipelines.config.section import instant
from monitoring_pipelines.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from monitoring_pipelines.pipeline.model import Model


class Moment(click.ParamType["date | datetime"]):
    """A day (2026-11-05) or a time (2026-11-05T13:00); the model's zone unless it names one."""

    name = "day"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        """Read ISO 8601."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)  # noqa: PLR2004 - as long as a day
        except ValueError:
            self.fail(f"'{value}' is no day; write 2026-11-05 or 2026-11-05T13:00", param, ctx)


def moment(value: date | datetime | None, zone: ZoneInfo | None = None) -> datetime | None:
    """Instant of an option's value."""
    from zoneinfo import ZoneInfo

    return None if value is None else instant(value, zone or ZoneInfo("UTC"))


def find_models(folder: Path) -> dict[str, Model]:
    """Models of the project that `folder` is in."""
    from monitoring_pipelines.components.project import find_project, load_models

    return load_models(find_project(folder))


def find_model(folder: Path, name: str) -> Model:
    """One model by name."""
    models = find_models(folder)
    if name not in models:
        raise UnknownNameError("model", name, models)
    return models[name]


def require_known(folder: Path, name: str, stored: Iterable[str]) -> None:
    """Refuse a name that is neither `stored` nor a model of the project: it is misspelt."""
    known = {*stored}
    if name not in known and name not in (models := find_models(folder)):
        raise UnknownNameError("model", name, {*known, *models})


def root_of(folder: Path) -> Path:
    """Root of the project that `folder` is in."""
    from monitoring_pipelines.components.project import find_project

    return find_project(folder)


def now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)
