"""A monitored model as a user declares it: one Pydantic model for YAML and for Python."""

import hashlib
import re
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from monitoring_pipelines.config.alerts import Alerts
from monitoring_pipelines.config.checks import Drift, Features, Performance, Quality
from monitoring_pipelines.config.embeddings import Embedding
from monitoring_pipelines.config.fairness import Fairness
from monitoring_pipelines.config.governance import Governance
from monitoring_pipelines.config.reference import Reference
from monitoring_pipelines.config.retention import Retention
from monitoring_pipelines.config.section import Moment, Section, instant
from monitoring_pipelines.config.security import Security
from monitoring_pipelines.config.signals import Signals
from monitoring_pipelines.config.source import Labels, Predictions, check_timezone
from monitoring_pipelines.domain.path_date import PathDate
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.errors import ConfigError, UnknownNameError

CRON = {
    Cadence.HOUR: "15 * * * *",
    Cadence.DAY: "0 6 * * *",
    Cadence.WEEK: "0 6 * * 1",
    Cadence.MONTH: "0 6 1 * *",
    Cadence.YEAR: "0 6 1 1 *",
}


class ModelConfig(Section):
    """One model in production: where its predictions and labels lie, and how it is judged."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)
    """Unique name; also the group of its assets."""
    task: Task
    """binary_classification, multiclass_classification, regression, vision_classification, llm (a
    row is a call of a model) or agent (a row is a task or session)."""
    owner: str | None = None
    """``team:name`` or an e-mail address."""
    description: str = ""
    """A sentence for the people who see it in the Dagster UI."""
    predictions: Predictions
    labels: Labels | None = None
    reference: Reference
    window: Cadence = Cadence.DAY
    """Length of a window: hour, day, week, month or year."""
    timezone: str = "UTC"
    """Windows start at this zone's full hour or midnight."""
    start: Moment | None = None
    """Start of the first window; by default the end of a fixed reference period."""
    end: Moment | None = None
    """End of the last window, for a log that is closed."""
    features: Features = Field(default_factory=Features)
    embeddings: dict[str, Embedding] = Field(default_factory=dict)
    """Vectors that are compared as a whole, by a name that no column has as a feature."""
    segments: tuple[str, ...] = ()
    """Columns whose values are judged apart."""
    expectations: str | list[Any] | None = None
    """A Great Expectations suite: a JSON file beside this one, or the expectations themselves."""
    performance: Performance = Field(default_factory=Performance)
    signals: Signals = Field(default_factory=Signals)
    """Of an LLM application or agent: what is watched of its calls or tasks."""
    drift: Drift = Field(default_factory=Drift)
    quality: Quality = Field(default_factory=Quality)
    fairness: Fairness | None = None
    """Groups of people that are compared with the rest."""
    alerts: Alerts = Field(default_factory=Alerts)
    governance: Governance = Field(default_factory=Governance)
    retention: Retention = Field(default_factory=Retention)
    """For how long what was found is kept."""
    security: Security = Field(default_factory=Security)
    schedule: str | None = None
    """Cron line in the model's time zone; by default once per window, soon after it ends."""

    _zone = field_validator("timezone")(check_timezone)

    @field_validator("owner")
    @classmethod
    def _team_or_person(cls, owner: str | None) -> str | None:
        if owner and not re.fullmatch(r"team:[\w.-]+|[^@\s]+@[^@\s]+\.[^@\s]+", owner):
            raise ConfigError(f"'{owner}' is neither team:name nor an e-mail address.")
        return owner

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        columns = self.predictions.columns
        if self.start is None and self.reference.start is None:
            raise ConfigError("`start` is needed: the first day that is monitored.")
        if self.labels and self.labels.location and not columns.id:
            raise ConfigError("Labels are joined by id: name it in `predictions.columns.id`.")
        self._check_outputs()
        if self.labels and self.labels.columns.judge and not self.task.tells_outcome:
            raise ConfigError("`labels.columns.judge` goes with the tasks llm and agent.")
        if self.end is not None and self.last is not None and self.last <= self.first:
            raise ConfigError(f"The monitored time ends ({self.end}) before it starts.")
        self._check_metric()
        self._check_fairness()
        if self.reference.same_weekday and self.window not in {Cadence.HOUR, Cadence.DAY}:
            raise ConfigError("`same_weekday` goes with windows of an hour or a day.")
        if self.reference.previous_version and not columns.model_version:
            raise ConfigError(
                "`reference.previous_version` needs `predictions.columns.model_version`: the "
                "column that tells which version made a prediction."
            )

    def _check_outputs(self) -> None:
        columns = self.predictions.columns
        if self.task is Task.REGRESSION and not columns.prediction:
            raise ConfigError("A regression needs `predictions.columns.prediction`.")
        if self.task is Task.BINARY and not (columns.prediction or columns.prediction_score):
            raise ConfigError(
                "A binary classification needs `prediction_score` or `prediction` "
                "in `predictions.columns`."
            )
        pattern = self.predictions.path_date
        if pattern is not None and self.window is Cadence.HOUR and not PathDate(pattern).is_hourly:
            raise ConfigError("Windows of an hour need %H in `predictions.path_date`.")
        self._check_classes()
        if self.task.tells_outcome and not self.predictions.is_llm:
            raise ConfigError(
                f"The task '{self.task}' needs `format: llm` in `predictions`; of a table of "
                "calls also `fields`."
            )

    def _check_classes(self) -> None:
        if self.task.judged_as is Task.MULTICLASS and not self.predictions.columns.prediction:
            raise ConfigError("A multiclass model needs `predictions.columns.prediction`.")
        if self.task is Task.VISION and self.predictions.images is None:
            raise ConfigError("A vision model needs `predictions.images`: where its images are.")

    def _check_metric(self) -> None:
        named = [*self.signals.names, *filter(None, [self.performance.metric])]
        if not named:
            return
        from monitoring_pipelines.metrics import PERFORMANCE, SIGNALS  # heavy: only when named

        task = self.task.judged_as
        signals = [metric.name for metric in SIGNALS.values() if task in metric.tasks]
        fitting = [metric.name for metric in PERFORMANCE.values() if task in metric.tasks]
        for name in self.signals.limits:
            if name not in signals:
                raise UnknownNameError(f"signal of a {self.task}", name, signals)
        for name in self.signals.tolerances:
            if name not in [*signals, *fitting]:
                raise UnknownNameError(f"signal of a {self.task}", name, [*signals, *fitting])
        chosen = self.performance.metric
        if chosen is not None and chosen not in [*signals, *fitting]:
            raise UnknownNameError(f"metric of a {self.task}", chosen, [*signals, *fitting])

    def _check_fairness(self) -> None:
        if self.fairness is None:
            return
        if self.task is Task.REGRESSION:
            raise ConfigError("`fairness` is of decisions; a regression makes none.")
        if self.task.tells_outcome:
            raise ConfigError(f"`fairness` is of decisions; the task '{self.task}' has none.")
        if self.task.judged_as is Task.MULTICLASS and self.fairness.favourable is None:
            raise ConfigError(
                "`fairness.favourable` is needed: the class that is good for a person."
            )
        if not self.predictions.columns.prediction and self.performance.threshold is None:
            raise ConfigError(
                "`fairness` needs the decision: `prediction` in `predictions.columns`, or "
                "`performance.threshold`."
            )

    @property
    def favourable(self) -> str:
        """The decided class that is good for a person."""
        chosen = self.fairness.favourable if self.fairness else None
        return chosen if chosen is not None else self.positive

    @property
    def positive(self) -> str:
        """The class that counts as positive in a binary classification."""
        return self.labels.positive if self.labels else "1"

    @property
    def zone(self) -> ZoneInfo:
        """The model's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def first(self) -> datetime:
        """Start of the monitored time."""
        moment = self.start if self.start is not None else self.reference.end
        assert moment is not None  # noqa: S101 - `check` saw to it
        return instant(moment, self.zone)

    @property
    def last(self) -> datetime | None:
        """End of the monitored time, if it has one."""
        return instant(self.end, self.zone) if self.end is not None else None

    @property
    def cron(self) -> str:
        """When the window that ended last is judged."""
        return self.schedule or CRON[self.window]

    @property
    def primary_metric(self) -> str:
        """The performance metric that pages."""
        columns = self.predictions.columns
        default = {
            Task.BINARY: "roc_auc" if columns.prediction_score else "accuracy",
            Task.MULTICLASS: "macro_roc_auc" if columns.prediction_proba else "accuracy",
            Task.REGRESSION: "mae",
            Task.LLM: "error_rate",
            Task.AGENT: "failed_task_rate",
        }
        return self.performance.metric or default[self.task.judged_as]

    @property
    def is_estimated(self) -> bool:
        """Whether the model logs what performance can be estimated from."""
        columns = self.predictions.columns
        told = {
            Task.BINARY: columns.prediction_score is not None,
            Task.MULTICLASS: bool(columns.prediction_proba),
            Task.REGRESSION: columns.prediction is not None,
        }
        estimable = told.get(self.task.judged_as, False)
        return self.performance.estimate and self.labels is not None and estimable

    @property
    def fingerprint(self) -> str:
        """Hash of everything that a result depends on; secrets have no part in it."""
        # of the alerts only their budget decides on a verdict
        told = {name: True for name in Alerts.model_fields if name != "false_alerts_per_quarter"}
        return self._hash(
            dict.fromkeys(
                ("description", "owner", "schedule", "end", "governance", "retention", "security"),
                True,
            )
            | {"alerts": told}
        )

    @property
    def summary_fingerprint(self) -> str:
        """Hash of what the summaries depend on; another tolerance does not read a log again."""
        judged = {"expectations", "drift", "quality", "alerts", "governance", "security"}
        told = {"description", "owner", "schedule", "end", "retention"}
        compared = {
            "fairness": {"min_rows", "tolerances", "fails"},
            # the threshold makes decisions out of scores
            "performance": {*Performance.model_fields} - {"threshold"},
            "signals": {"limits", "tolerances", "min_rows"},
        }
        return self._hash(dict.fromkeys(judged | told, True) | compared)

    def below(self, shared: Alerts) -> Self:
        """The model with `shared` where its own `alerts` say nothing."""
        return self.model_copy(update={"alerts": self.alerts.below(shared)})

    def _hash(self, exclude: dict[str, Any]) -> str:
        if not self.embeddings:  # a model without any has the hash that it always had
            exclude = exclude | {"embeddings": True}
        if self.predictions.path_date is None:
            exclude = exclude | {"predictions": {"path_date"}}
        if not self.reference.previous_version:
            exclude = exclude | {"reference": {"previous_version"}}
        text = self.model_dump_json(exclude=exclude)
        text = re.sub(r"(://[^:/@\"]*):[^@\"]*@", r"\1@", text)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
