"""What was promised about a model, as the rules read it; people write `config.governance`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta  # noqa: TC003 - pydantic fills these in
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody let a version serve, from `approved_at` on and until `expires_at`."""

    version: str
    approved_by: str
    approved_at: datetime
    expires_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether it has expired, or was withdrawn."""
        return self.expires_at is not None and self.expires_at <= at


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An exception from a rule: a failure of it is a warning until then."""

    rule: str
    reason: str
    approver: str
    until: datetime
    since: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it is in force."""
        return (self.since is None or self.since <= at) and at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold that was declared before the data: `at_least` or `at_most`."""

    name: str
    at_least: float | None = None
    at_most: float | None = None
    min_rows: int = 200

    def is_met(self, value: float) -> bool:
        """Whether a value is on the promised side."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def is_looser(self, than: Limit) -> bool:
        """Whether it lets pass what the other one does not, be it for want of rows."""
        low = than.at_least is not None and (self.at_least is None or self.at_least < than.at_least)
        high = than.at_most is not None and (self.at_most is None or self.at_most > than.at_most)
        return low or high or self.min_rows > than.min_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Values of a column that the model was made for: a list of them, or a range."""

    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Data that the model was trained on or uses."""

    name: str
    licence: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When a person last looked at the model as a whole, and how often one is to."""

    last: date
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeeping:
    """For how long rows of the log are kept, at least and at most."""

    at_least: timedelta
    at_most: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """Columns that tell of human review, and the share of decisions that is planned for it."""

    reviewer: str
    decision: str | None = None
    seconds: str | None = None
    review_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModels:
    """Names that may stand in the column which says what model or agent answered."""

    column: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serious:
    """An incident that has to be reported: known of since `aware_at`, `within` so long."""

    name: str
    aware_at: datetime
    within: timedelta
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The promises. What is empty was not promised; `is_declared` tells a card from none."""

    is_declared: bool = False
    owner: str = ""
    deputy: str | None = None
    authors: tuple[str, ...] = ()
    tier: int = 3
    purpose: str | None = None
    intended_population: dict[str, Allowed] = field(default_factory=dict)
    prohibited_uses: tuple[str, ...] = ()
    monitoring_plan: str | None = None
    incident_contact: str | None = None
    approved_versions: tuple[Approval, ...] = ()
    metrics: tuple[Limit, ...] = ()
    data_sources: tuple[DataSource, ...] = ()
    review: Review | None = None
    label_coverage: float | None = None
    trained_on: date | None = None
    retrain_every: timedelta | None = None
    retires_on: date | None = None
    exceptions: tuple[Waiver, ...] = ()
    fairness: dict[str, float] = field(default_factory=dict)
    log_retention: LogKeeping | None = None
    personal_data: tuple[str, ...] | None = None
    oversight: Oversight | None = None
    runs_in: dict[str, tuple[str, ...]] = field(default_factory=dict)
    models: NamedModels | None = None

    def is_concerned(self, person: str) -> bool:
        """Whether somebody owns or made the model, and so can approve nothing about it."""
        return any(same_person(person, one) for one in (self.owner, *self.authors))


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: a user name is the first part of an address.

    >>> same_person("ana", "Ana@bank.example"), same_person("team:risk", "risk")
    (True, False)
    """
    a, b = one.strip().casefold(), other.strip().casefold()
    if "@" in a and "@" in b:
        return a == b
    return bool(a) and a.partition("@")[0] == b.partition("@")[0]


def last_words(approvals: Iterable[Approval], at: datetime) -> dict[str, Approval]:
    """The newest approval of each version by then: it may renew an older one, or withdraw it."""
    known = [approval for approval in approvals if approval.approved_at <= at]
    return {a.version: a for a in sorted(known, key=lambda approval: approval.approved_at)}
