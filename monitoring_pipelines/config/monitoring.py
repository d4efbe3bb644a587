"""What all monitored models of a code location share."""

from pydantic import Field, field_validator

from monitoring_pipelines.config.alerts import Alerts, Destination
from monitoring_pipelines.config.section import Section
from monitoring_pipelines.config.source import check_timezone
from monitoring_pipelines.errors import ConfigError

CRON_FIELDS = 5


class MonitoringConfig(Section):
    """Schedules, label watch, recomputation, alert delivery and digests of all monitored models."""

    watch_labels: str = "*/30 * * * *"
    """Cron line: how often new labels are looked for."""
    alerts: Alerts = Field(default_factory=Alerts)
    """What a model's own `alerts` leave out."""
    weekly_digest: str | None = "0 8 * * 1"
    """Cron line of the digest of the last seven days; null for none."""
    daily_digest: str | None = None
    """Cron line of the digest of the last day."""
    digest_to: tuple[Destination, ...] = ()
    """Where digests go; by default to the Slack channel of `alerts`."""
    timezone: str = "UTC"
    """Time zone of the cron lines."""

    _zone = field_validator("timezone")(check_timezone)

    @field_validator("watch_labels", "weekly_digest", "daily_digest")
    @classmethod
    def _cron(cls, line: str | None) -> str | None:
        if line is not None and len(line.split()) != CRON_FIELDS:
            raise ConfigError(f"'{line}' is no cron line; write minute hour day month weekday.")
        return line
