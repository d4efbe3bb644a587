"""What the alerts of one model need to know of its configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.condition import Policy
from monitoring_pipelines.alerts.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from monitoring_pipelines.alerts.quiet import QuietHours
    from monitoring_pipelines.alerts.routing import Route
    from monitoring_pipelines.domain.window import Cadence


class Layout(StrEnum):
    """How tall a message is: `compact` has no chart, and its facts in one line."""

    STANDARD = "standard"
    COMPACT = "compact"


REMIND = {Severity.CRITICAL: timedelta(hours=4), Severity.HIGH: timedelta(hours=24)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Destinations that hear of a critical incident once it is unacknowledged for `after`."""

    to: tuple[str, ...]
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """Who is told, where, and how the model's windows are named.

    Without a `channel` incidents are recorded and nobody is told; without a `ui_url` a message has
    no links into Dagster. `assets` names the asset that a cause is judged in, without the model.
    `next_steps` come before the built-in ones. People are called again after `remind`, but not of
    windows that ended longer ago than `fresh_for`: a history that is computed today is no
    emergency.
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
    mentions: tuple[str, ...] = ()
    layout: Layout = Layout.STANDARD
    has_buttons: bool = False
    policy: Policy = field(default_factory=Policy)
    routes: tuple[Route, ...] = ()
    escalation: Escalation | None = None
    quiet_hours: QuietHours | None = None
    remind: Mapping[Severity, timedelta] = field(default_factory=lambda: REMIND)
    fresh_for: timedelta = timedelta(days=30)

    @property
    def destination(self) -> str | None:
        """Name of the channel with its service, as the outbox knows it."""
        return f"slack:{self.channel}" if self.channel else None

    def key(self, start: datetime) -> str:
        """Name of the window that starts at `start`, the same as of its Dagster partition."""
        return start.astimezone(self.zone).strftime(self.cadence.key_format)
