"""A monitored model with the place where its paths start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.window import Window, window_of, windows_between
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.config.model import ModelConfig


@dataclass(frozen=True, slots=True)
class Model:
    """`root` is the project folder; `folder` is where the model is declared."""

    config: ModelConfig
    root: Path
    folder: Path

    @property
    def name(self) -> str:
        """The model's name."""
        return self.config.name

    @property
    def maturity(self) -> timedelta:
        """Age of a window after which its labels count as final."""
        return self.config.labels.maturity if self.config.labels else timedelta(0)

    def windows(self, start: datetime | None, end: datetime | None, now: datetime) -> list[Window]:
        """Windows that start in ``[start, end)`` of the monitored time and are over by `now`."""
        config = self.config
        lower = max(config.first, start) if start else config.first
        upper = min(moment for moment in (end, config.last, now) if moment)
        found = windows_between(lower, upper, config.window, config.zone)
        return [window for window in found if window.end <= now]

    def window(self, start: datetime) -> Window:
        """The window that starts at `start`."""
        window = window_of(start, self.config.window, self.config.zone)
        if window.start != start:
            raise ConfigError(
                f"No window of '{self.name}' starts at {start}; one does at {window.start}."
            )
        return window
