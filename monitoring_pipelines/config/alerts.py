"""Who hears of trouble, when, and how soon again."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.quiet import QuietHours
from monitoring_pipelines.alerts.settings import Layout
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.config.section import Duration, Section
from monitoring_pipelines.errors import ConfigError, suggestion

SERVICES = ("slack", "slack_webhook", "pagerduty", "webhook", "email", "apprise")


def _destination(text: str) -> str:
    service, colon, place = text.partition(":")
    if service not in SERVICES:
        raise ConfigError(f"'{service}' is no service. {suggestion(service, SERVICES)}")
    if not colon or not place or place != place.strip():
        raise ConfigError(
            f"'{text}' names no place; write slack:C0123456789, email:oncall@example.org or, for "
            "what needs a secret, the name of its environment variable: pagerduty:PAGERDUTY_KEY."
        )
    return text


Destination = Annotated[str, AfterValidator(_destination)]
"""`service:place`; where a secret is needed, the place is the name of its environment variable."""

Mention = Annotated[str, StringConstraints(pattern=r"^[USW][A-Z0-9]{5,}$")]
"""Id of a Slack user (U…) or user group (S…)."""

AssetName = Annotated[str, StringConstraints(pattern=r"^[^\s/]+(/[^\s/]+)*$")]
"""Key of a Dagster asset, its parts separated by slashes."""


class Route(Section):
    """Where some incidents go. What is left out matches everything."""

    to: tuple[Destination, ...] = Field(min_length=1)
    """Destinations, such as slack:C0123456789 or pagerduty:PAGERDUTY_KEY."""
    severities: tuple[Severity, ...] = ()
    """high, critical."""
    causes: tuple[Cause, ...] = ()
    """performance, data_contract, silence, fairness, governance, security."""
    owners: tuple[str, ...] = ()
    """Owners, with * for any text."""


class Escalation(Section):
    """Who hears of a critical incident that nobody acknowledges."""

    to: tuple[Destination, ...] = Field(min_length=1)
    """Destinations, such as pagerduty:PAGERDUTY_KEY."""
    after: Duration = timedelta(minutes=30)
    """Time without an acknowledgement."""


class Alerts(Section):
    """Who hears of it. Keys that a model leaves out are taken from `alerts` of `Monitoring`."""

    slack: str | None = None
    """Slack channel id, such as C0123456789; without it `SLACK_CHANNEL` of the environment."""
    runbook: str | None = Field(default=None, pattern=r"^https://\S+$")
    """Link to what to do."""
    next_steps: tuple[str, ...] = ()
    """What to do first; said before the built-in steps."""
    mention: tuple[Mention, ...] = ()
    """Who is called when an incident opens, gets worse or is not taken care of."""
    layout: Layout = Layout.STANDARD
    """`compact` has no chart, and its facts in one line."""
    routes: tuple[Route, ...] = ()
    """Destinations by severity, cause and owner. All that match are told; if none does, the Slack
    channel is."""
    security: tuple[Destination, ...] = ()
    """Where incidents of security go, and nowhere else, such as [slack:C0PRIVATE]; by default as
    others do."""
    escalation: Escalation | None = None
    """Who hears of a critical incident that nobody acknowledges."""
    quiet_hours: str | None = None
    """Such as 20:00-08:00 in the model's time zone: what is not critical waits for their end."""
    breaches: int = Field(default=2, ge=1)
    """So many failed windows of the last `of` open an incident; a critical one opens it at once."""
    of: int = Field(default=3, ge=1, le=30)
    """See `breaches`."""
    clear: int = Field(default=2, ge=1)
    """So many fine windows in a row resolve it."""
    failures_of: tuple[AssetName, ...] = ()
    """Keys of other Dagster assets, such as risk/score_customers, whose failed runs are told as
    this model's: what writes its log, for example."""
    remind: dict[Severity, Duration] = Field(default_factory=dict)
    """Time after which people are called again; by default 4h if critical, 24h if high."""
    false_alerts_per_quarter: float = Field(default=1.0, gt=0)
    """Budget that the checks of this model share."""

    @field_validator("quiet_hours")
    @classmethod
    def _understood(cls, text: str | None) -> str | None:
        if text is not None:
            QuietHours.parse(text)
        return text

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if self.breaches > self.of:
            raise ConfigError(
                f"{self.breaches} failed windows of the last {self.of} cannot be: raise `of`."
            )

    def below(self, shared: "Alerts") -> "Alerts":
        """These, and what they leave out from `shared`."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return shared.model_copy(update=own)
