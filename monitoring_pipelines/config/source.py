"""Where a log lies and which of its columns plays which role."""

import re
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from monitoring_pipelines.config.images import Images
from monitoring_pipelines.config.section import Duration, Section
from monitoring_pipelines.domain.path_date import PathDate
from monitoring_pipelines.errors import ConfigError, suggestion

Format = Literal["parquet", "csv", "jsonl", "llm"]
# canonical names of calls and of tasks
CALLS = {"id": "id", "timestamp": "timestamp", "model_version": "model"}


def check_timezone(name: str | None) -> str | None:
    """Refuse a time zone that this machine does not know."""
    if name is not None and name not in available_timezones():
        raise ConfigError(f"Unknown time zone '{name}'. {_zone_hint(name)}")
    return name


def class_text(value: Any) -> Any:
    """Name of a class as the logs' classes are read: 1, 1.0 and true are one."""
    if isinstance(value, bool | int):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value


def _zone_hint(name: str) -> str:
    hint = suggestion(name, available_timezones())
    return hint.split(" Known:")[0] if hint.startswith("Did") else "Write it as Europe/Berlin."


class Source(Section):
    """A file, a glob, a directory of Hive partitions, an object-store URL, or a Postgres table."""

    location: str | None = None
    """Path, glob or URL. A relative path is taken from the project folder. For a Postgres table
    `"{{ env.NAME }}"` with the URL in the environment."""
    table: str | None = None
    """Name of a table or view, ``schema.table``, if `location` is a database URL."""
    query: str | None = None
    """A SELECT statement instead of `table`."""
    format: Format | None = None
    """Of the files; by default taken from their names. `llm` are raw logs of LLM or agent calls, of
    any service, told apart by what they hold."""
    timezone: str | None = None
    """Zone of timestamps that carry none; by default the model's."""

    _zone = field_validator("timezone")(check_timezone)

    @property
    def is_database(self) -> bool:
        """Whether `location` is the URL of a Postgres database."""
        return bool(re.match(r"postgres(ql)?(\+\w+)?://", self.location or ""))

    @property
    def safe_location(self) -> str:
        """`location` without a password, for messages and hashes."""
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", self.location or "")

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if "{{" in (self.location or ""):
            return  # judged once the environment has been filled in
        if self.is_database and (self.table is None) == (self.query is None):
            raise ConfigError("A database needs either `table` or `query`.")
        if not self.is_database and (self.table or self.query):
            raise ConfigError(
                "`table` and `query` go with a `location` that is a Postgres URL, "
                'such as "{{ env.WAREHOUSE_URL }}".'
            )


class PredictionColumns(Section):
    """Roles of the prediction log's columns."""

    id: str | None = None
    """Identifies a prediction; labels are joined by it, and repeated rows are found by it."""
    timestamp: str
    """When the prediction was made."""
    prediction: str | None = None
    """The decided class, or the predicted number of a regression."""
    prediction_score: str | None = None
    """Score of the positive class of a binary classifier."""
    prediction_proba: dict[str, str] = Field(default_factory=dict)
    """Of a multiclass model: the column with the probability of each class."""
    model_version: str | None = None
    """Version of the model that made the prediction."""

    @field_validator("prediction_proba", mode="before")
    @classmethod
    def _class_names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {class_text(name): column for name, column in value.items()}


class Predictions(Source):
    """The prediction log."""

    location: str
    columns: PredictionColumns
    """Of `format: llm` they are known."""
    images: Images | None = None
    """The images that the predictions are of."""
    fields: dict[str, str] = Field(default_factory=dict)
    """With `format: llm`: the files are a table of calls with names of its own, and these are they,
    such as `{input_tokens: prompt_toks}`."""
    path_date: str | None = None
    """With `format: llm`: where a path names the day of a batch, such as `date=%Y-%m-%d` (and `%H`
    for an hour), for runs of agents and other records that tell no time. A record that tells one
    keeps it."""
    reach: Duration = timedelta(days=1)
    """With `format: llm`: how far apart rows of one trace or session may be."""

    @model_validator(mode="before")
    @classmethod
    def _known_columns(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("format") == "llm" and "columns" not in data:
            return {**data, "columns": CALLS}
        return data

    @property
    def is_llm(self) -> bool:
        """Whether raw logs of calls are read, and not a table of predictions."""
        return self.format == "llm"

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        super().check()
        if self.is_llm and self.is_database:
            raise ConfigError("`format: llm` reads files; a Postgres table has no `format`.")
        if self.fields and not self.is_llm:
            raise ConfigError("`fields` go with `format: llm`; use `columns` for other logs.")
        if self.fields and "timestamp" not in self.fields:
            raise ConfigError("`fields` need `timestamp`: the column that tells when a call was.")
        if self.path_date is not None:
            if not self.is_llm or self.fields:
                raise ConfigError(
                    "`path_date` goes with raw logs (`format: llm`); of a table in Hive partitions "
                    "the folder's name is a column."
                )
            PathDate(self.path_date)


class LabelColumns(Section):
    """Roles of the label table's columns."""

    id: str | None = None
    """The prediction's id; by default the same name as in the prediction log."""
    label: str
    """The truth."""
    available_at: str | None = None
    """When the label became known. Without it a label counts as known as soon as it is there."""
    judge: str | None = None
    """Of scores of an application's answers: who gave them, such as a judge model and its version.
    New judges are told beside the change that they may be the reason of."""


class Labels(Source):
    """The truth, arriving later. Without a location the labels stand in the prediction log."""

    columns: LabelColumns
    maturity: Duration = timedelta(0)
    """Age of a window after which its labels count as final."""
    positive: str = "1"
    """The label (and decided class) that counts as positive in a binary classification."""

    _one_text = field_validator("positive", mode="before")(class_text)
