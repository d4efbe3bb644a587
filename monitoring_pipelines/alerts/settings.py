"""What the alerts of one model need to know of its configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.condition import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from monitoring_pipelines.domain.window import Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Who is told, where, and how the model's windows are named.

    Without a `channel` incidents are recorded and nobody is told; without a `ui_url` a message has
    no links into Dagster. `assets` names the asset that a cause is judged in, without the model.
    `next_steps` come before the built-in ones.
    """

    model: str
    owner: str
    cadence: Cadence
    zone: tzinfo
    channel: str | None = None
    ui_url: str | None = None
    assets: Mapping[str, str] = field(default_factory=dict)
    runbook: str | None = None
    next_steps: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)

    @property
    def destination(self) -> str | None:
        """Name of the channel with its service, as the outbox knows it."""
        return f"slack:{self.channel}" if self.channel else None

    def key(self, start: datetime) -> str:
        """Name of the window that starts at `start`, the same as of its Dagster partition."""
        return start.astimezone(self.zone).strftime(self.cadence.key_format)
