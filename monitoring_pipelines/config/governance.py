"""The card: what is promised about a model. Rules compare it with what is found."""

from datetime import date, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter, field_validator, model_validator

from monitoring_pipelines.config.checks import known
from monitoring_pipelines.config.section import Duration, Moment, Section, instant, with_short_form
from monitoring_pipelines.config.source import class_text
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.governance.card import Approval, Card, Waiver

Person = Literal["residual_risk", "rights_impact", "instructions", "conformity"]


def level_texts(values: Any) -> Any:
    """Values of a column as summaries name them: 1, 1.0 and true are one."""
    if not isinstance(values, list | tuple):
        return values
    truths = [value for value in values if isinstance(value, bool)]
    if truths and len(truths) < len(values):
        raise ConfigError(
            "YAML reads a bare yes, no, on or off as true or false; put the value in quotes."
        )
    return [str(class_text(value)) for value in values]


def _level_lists(columns: Any) -> Any:
    if not isinstance(columns, dict):
        return columns
    return {name: level_texts(values) for name, values in columns.items()}


class ApprovedVersion(Section):
    """A version that may serve. `mlmon approve` records the same."""

    version: str
    """As the log names it."""
    approved_by: str
    """Who; neither owner nor author."""
    approved_at: Moment
    """From when on."""
    expires_at: Moment | None = None
    """Until when."""


class ExceptionFromRule(Section):
    """A rule that may fail until then. `mlmon exception` records the same."""

    rule: str = Field(pattern=r"^GOV-\d\d$")
    """Such as GOV-03."""
    reason: str = Field(min_length=1)
    """Why."""
    approver: str
    """Who allowed it."""
    until: Moment
    """When it ends."""


class Threshold(Section):
    """What performance has to keep."""

    name: str
    """Metric, such as roc_auc."""
    at_least: float | None = None
    """Smallest value."""
    at_most: float | None = None
    """Greatest value."""
    min_rows: int = Field(default=200, ge=2)
    """Below so many rows there is no verdict."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if self.at_least is None and self.at_most is None:
            raise ConfigError(f"The threshold of '{self.name}' needs `at_least` or `at_most`.")
        from monitoring_pipelines.metrics import PERFORMANCE  # heavy: only when it is named

        PERFORMANCE[self.name]  # says what is known


class AllowedValues(Section):
    """Values of a column that the model was made for: a list, or `minimum` and `maximum`."""

    model_config = with_short_form("array")

    values: tuple[str, ...] = ()
    """Categories."""
    minimum: float | None = None
    """Smallest number."""
    maximum: float | None = None
    """Greatest number."""

    @model_validator(mode="before")
    @classmethod
    def _list(cls, data: Any) -> Any:
        return {"values": data} if isinstance(data, list | tuple) else data

    _texts = field_validator("values", mode="before")(level_texts)

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        is_range = self.minimum is not None or self.maximum is not None
        if bool(self.values) == is_range:
            raise ConfigError("Write either a list of values, or `minimum` and `maximum`.")


class UsedData(Section):
    """Data that the model was made from."""

    name: str
    """Name."""
    licence: str | None = None
    """Such as CC-BY-4.0, or the contract."""
    version: str | None = None
    """Version or date."""


class ReviewPlan(Section):
    """A person looks at the model as a whole."""

    last: date
    """Day of the last review."""
    every: Duration = timedelta(days=365)
    """How often."""


class LogRetention(Section):
    """For how long rows stay in the prediction log."""

    at_least: Duration = timedelta(days=183)
    """Shortest time; half a year is what articles 19 and 26(6) of the EU AI Act ask for."""
    at_most: Duration | None = None
    """Longest time, for the sake of the people in it."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if self.at_most is not None and self.at_most < self.at_least:
            raise ConfigError("`at_most` is shorter than `at_least`, so no row could be right.")


class HumanOversight(Section):
    """Columns of the log that tell of human review."""

    reviewer: str
    """Column that is empty where nobody looked."""
    decision: str | None = None
    """Column with what the person decided; it is compared with `predictions.columns.prediction`."""
    seconds: str | None = None
    """Column with how long the person took."""
    review_rate: float | None = Field(default=None, gt=0, le=1)
    """Share of decisions that people are to look at."""


class ModelsInLog(Section):
    """Which models or agents may stand in the log."""

    column: str
    """Column that names the model or agent."""
    names: tuple[str, ...] = Field(min_length=1)
    """Those with a card."""

    _texts = field_validator("names", mode="before")(level_texts)


class PersonalBox(Section):
    """What no rule can decide."""

    owner: str
    """Who decides."""
    due: date
    """By when."""


CARD_FILES = (".yaml", ".yml", ".md")


class Governance(Section):
    """The card of a model. `governance: off` leaves out its rules and their asset."""

    model_config = with_short_form("string", "boolean")

    profile: Literal["standard", "off"] = "standard"
    """Which rules run: all that what is known allows, or none."""
    card_file: str | None = Field(default=None, pattern=r"(?i)\.(ya?ml|md)$")
    """A file with the card beside this one, .yaml or .md with YAML on top; `governance: card.yaml`
    is short for it."""
    tier: Literal[1, 2, 3] = 3
    """1 for the models that can do most harm; asks for more of the card."""
    deputy: str | None = None
    """Who answers for the model while its owner is away."""
    authors: tuple[str, ...] = ()
    """Who made it; they cannot approve it."""
    purpose: str | None = None
    """What it is for, in a sentence."""
    intended_population: dict[str, AllowedValues] = Field(default_factory=dict)
    """By column: values, or a range, that the model was made for."""
    prohibited_uses: tuple[str, ...] = ()
    """What it must not be used for."""
    monitoring_plan: str | None = None
    """Where the plan for monitoring stands."""
    incident_contact: str | None = None
    """Who is told of a serious incident."""
    approved_versions: tuple[ApprovedVersion, ...] = ()
    """Versions that may serve."""
    metrics: tuple[Threshold, ...] = ()
    """Thresholds that performance has to keep."""
    data_sources: tuple[UsedData, ...] = ()
    """Data that it was made from."""
    review: ReviewPlan | None = None
    """When a person looked at it last."""
    label_coverage: float | None = Field(default=None, gt=0, le=1)
    """Share of predictions that are planned to get a label."""
    trained_on: date | None = None
    """Day of the newest training data."""
    retrain_every: Duration | None = None
    """How old it may become."""
    retires_on: date | None = None
    """Day on which a provider switches its model off."""
    fairness: dict[str, float] = Field(default_factory=dict)
    """By fairness metric: smallest ratio, or largest gap, such as selection_rate_ratio: 0.8."""
    log_retention: LogRetention | None = None
    """For how long rows stay in the log."""
    personal_data: tuple[str, ...] | None = None
    """Columns that may hold personal data; an empty list promises that none does."""
    oversight: HumanOversight | None = None
    """How people look at decisions."""
    runs_in: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By column, such as a region or an account: its allowed values."""
    models: ModelsInLog | None = None
    """Models or agents that may stand in the log."""
    exceptions: tuple[ExceptionFromRule, ...] = ()
    """Rules that may fail for a while."""
    needs_a_person: dict[Person, PersonalBox] = Field(default_factory=dict)
    """Decisions that no rule can take: residual_risk, rights_impact, instructions, conformity."""

    @model_validator(mode="before")
    @classmethod
    def _profile(cls, data: Any) -> Any:
        if data is False:  # YAML 1.1 reads a bare `off` so
            return {"profile": "off"}
        if isinstance(data, str):
            return {"card_file" if data.lower().endswith(CARD_FILES) else "profile": data}
        return data

    @field_validator("exceptions")
    @classmethod
    def _known(cls, exceptions: tuple[ExceptionFromRule, ...]) -> tuple[ExceptionFromRule, ...]:
        from monitoring_pipelines.governance.rules import RULES

        for exception in exceptions:
            RULES[exception.rule]  # says what is known
        return exceptions

    _fairness_metrics = field_validator("fairness")(lambda names: known("FAIRNESS", names))
    _levels = field_validator("runs_in", mode="before")(_level_lists)

    @field_validator("profile", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return "off" if value is False else value

    @property
    def is_on(self) -> bool:
        """Whether any rule runs."""
        return self.profile != "off"

    @property
    def is_declared(self) -> bool:
        """Whether there is a card at all."""
        return bool(self.model_fields_set - {"profile", "card_file"})

    def card(self, owner: str | None, zone: ZoneInfo) -> Card:
        """The card as rules read it; a day without a time begins in `zone`."""
        apart = {"profile", "card_file", "approved_versions", "exceptions", "needs_a_person"}
        return _CARD.validate_python(
            {
                **self.model_dump(exclude=apart),
                "is_declared": self.is_declared,
                "owner": owner or "",
                "approved_versions": [
                    Approval(
                        version=one.version,
                        approved_by=one.approved_by,
                        approved_at=instant(one.approved_at, zone),
                        expires_at=instant(one.expires_at, zone) if one.expires_at else None,
                    )
                    for one in self.approved_versions
                ],
                "exceptions": [
                    Waiver(
                        rule=one.rule,
                        reason=one.reason,
                        approver=one.approver,
                        until=instant(one.until, zone),
                    )
                    for one in self.exceptions
                ],
            }
        )

    @property
    def written(self) -> dict[str, Any]:
        """The card as far as it was written, in JSON."""
        return self.model_dump(mode="json", exclude_unset=True, exclude={"profile", "card_file"})


_CARD = TypeAdapter(Card)
