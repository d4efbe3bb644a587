"""Which column of a log plays which role, by its name and by what is in it.

A guess is told with its reason, and a person corrects it; so nothing is taken for a role whose
values do not fit, and what has no telling name is a feature.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitoring_pipelines.backends.duckdb.profile import ColumnProfile

# a class has at most so many values; more are a number
MANY = 100
TWO = 2
_ID = {"id", "uuid", "guid", "key"}
_TIME = {"timestamp", "time", "ts", "datetime", "date", "at", "start", "day", "hour"}
_MADE = {"prediction", "predicted", "pred", "scored", "scoring", "inference", "request", "event"}
_LATE = {
    "label", "labelled", "labeled", "observed", "outcome", "available", "updated", "known",
    "birth", "due", "expiry", "end", "ended", "counted", "arrived",
}  # fmt: skip
_SCORE = {"score", "proba", "probability", "prob", "p", "propensity", "likelihood", "confidence"}
_PREDICTION = {
    "prediction", "predicted", "predict", "pred", "yhat", "hat", "decision", "forecast",
    "estimate", "estimated", "output",
}  # fmt: skip
_LABEL = {"label", "target", "actual", "truth", "true", "outcome", "y"}
# all before the name of the class in y_pred_proba_highstreet_card
_CLASS_OF = re.compile(
    r"(.*_)?(proba|probability|prob|score|p|pred|prediction)_(?=.)", re.IGNORECASE
)
_POSITIVE = {"1", "true", "yes", "y", "t", "positive", "pos", "fraud", "default", "churn", "spam"}


class Roles(NamedTuple):
    """Columns by their roles, of the predictions and of the labels."""

    predictions: dict[str, str]
    proba: dict[str, str]
    labels: dict[str, str]
    task: Task
    positive: str | None
    because: dict[str, str]


def words(name: str) -> set[str]:
    """Words of a column's name.

    >>> sorted(words("y_predProba2"))
    ['2', 'pred', 'proba', 'y']
    """
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)}


def guess(
    predictions: Sequence[ColumnProfile],
    labels: Sequence[ColumnProfile] | None,
    add_up: Callable[[Sequence[str]], bool],
) -> Roles:
    """Guess the roles of a prediction log, and of a table of labels where they have their own.

    `add_up` tells whether some columns of the predictions add up to 1 in every row.

    Raises
    ------
    ConfigError
        If there is no time, no prediction, or no label in the table of labels.
    """
    because: dict[str, str] = {}
    found = {"timestamp": _time(predictions, because)}
    left = [column for column in predictions if column.name != found["timestamp"]]
    own = {column.name for column in labels or ()}
    if (name := _id(left, own, because)) is not None:
        found["id"] = name
    left = [column for column in left if column.name not in found.values()]
    told = _labels(labels, found.get("id"), because) if labels is not None else {}
    truth = _named(labels or (), told.get("label"))
    if labels is None and (truth := _truth(left)) is not None:
        told = {"label": truth.name}
        because["label"] = "by its name; labels stand beside the predictions"
        left = [column for column in left if column.name != truth.name]
    proba = _proba(left, add_up)
    task = _outputs(left, proba, truth, found, because)
    version = next(
        (c for c in left if "version" in words(c.name) and 0 < c.n_distinct <= MANY), None
    )
    if version is not None and version.name not in found.values():
        found["model_version"] = version.name
        because["model_version"] = "by its name"
    positive = _positive(truth) if task is Task.BINARY else None
    order = ("id", "timestamp", "prediction_score", "prediction", "model_version")
    ordered = {role: found[role] for role in order if role in found}
    return Roles(ordered, proba, told, task, positive, because)


def _named(columns: Iterable[ColumnProfile], name: str | None) -> ColumnProfile | None:
    return next((column for column in columns if column.name == name), None)


def _best(
    columns: Iterable[ColumnProfile],
    telling: set[str],
    fits: Callable[[ColumnProfile], bool],
    against: frozenset[str] = frozenset(),
) -> ColumnProfile | None:
    """The first of the columns that fit with the most telling words in their names."""
    scores = [
        (len(words(column.name) & telling) - 2 * len(words(column.name) & against), column)
        for column in columns
        if fits(column)
    ]
    best = max(scores, key=lambda score: score[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def _is_time(column: ColumnProfile) -> bool:
    if column.family == "timestamp":
        return True
    if column.family == "text":
        return 0 < column.n == column.n_times
    # an epoch since 1990, of whatever unit; a number needs a telling name besides
    is_large = column.is_whole and column.low is not None and column.low >= 631_152_000  # noqa: PLR2004
    return column.is_number and is_large and bool(words(column.name) & (_TIME | {"created"}))


def _time(columns: Sequence[ColumnProfile], because: dict[str, str]) -> str:
    times = [column for column in columns if _is_time(column)]
    if not times:
        names = ", ".join(f"'{column.name}'" for column in columns)
        raise ConfigError(
            f"No column is a time, which a prediction log needs: {names}. Give it one with the "
            "moment of each prediction."
        )
    best = _best(times, _TIME | _MADE, lambda _: True, frozenset(_LATE)) or times[0]
    because["timestamp"] = "the only time" if len(times) == 1 else f"one of {len(times)} times"
    return best.name


def _id(columns: Sequence[ColumnProfile], own: set[str], because: dict[str, str]) -> str | None:
    keys = [c for c in columns if c.is_unique and c.family in {"integer", "text"}]
    shared = [column for column in keys if column.name in own]
    best = next(iter(shared), None) or _best(keys, _ID, lambda _: True)
    if best is not None:
        because["id"] = "in the labels too" if shared else "another value in every row"
    return best.name if best is not None else None


def _labels(
    columns: Sequence[ColumnProfile], key: str | None, because: dict[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    if key is None or _named(columns, key) is None:
        keys = [c for c in columns if c.is_unique and c.family in {"integer", "text"}]
        best = _best(keys, _ID, lambda _: True)
        if key is None or best is None:
            raise ConfigError(
                "No column joins the labels to the predictions: both need an id, "
                "unique in the predictions."
            )
        found["id"] = best.name
    left = [column for column in columns if column.name not in {key, found.get("id")}]
    times = [column for column in left if _is_time(column)]
    rest = [column for column in left if column not in times and column.n]
    truth = _truth(rest) or (rest[0] if len(rest) == 1 else None)
    if truth is None:
        names = ", ".join(f"'{column.name}'" for column in rest) or "none is left"
        raise ConfigError(f"No column of the labels looks like the truth: {names}.")
    found["label"] = truth.name
    because["label"] = "the only column left" if len(rest) == 1 else "by its name"
    if times:
        found["available_at"] = (_best(times, _TIME | _LATE, lambda _: True) or times[0]).name
        because["available_at"] = "the time in the labels"
    return found


def _truth(columns: Iterable[ColumnProfile]) -> ColumnProfile | None:
    return _best(columns, _LABEL, _is_class_or_number, frozenset(_SCORE | _PREDICTION))


def _is_class_or_number(column: ColumnProfile) -> bool:
    return column.n > 0 and (column.is_number or column.n_distinct <= MANY) and not _is_time(column)


def _proba(
    columns: Sequence[ColumnProfile], add_up: Callable[[Sequence[str]], bool]
) -> dict[str, str]:
    """Columns of class probabilities, by the class that ends their names."""
    groups: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        if column.is_share and (told := _CLASS_OF.match(column.name)) is not None:
            groups[told[0]].append(column.name)
    for start, names in sorted(groups.items(), key=lambda group: -len(group[1])):
        if len(names) > TWO and add_up(names):
            return {name.removeprefix(start): name for name in names}
    return {}


def _outputs(
    columns: Sequence[ColumnProfile],
    proba: dict[str, str],
    truth: ColumnProfile | None,
    found: dict[str, str],
    because: dict[str, str],
) -> Task:
    """Task of the model; its score and its prediction are added to `found`."""
    left = [column for column in columns if column.name not in proba.values()]
    n_classes = truth.n_distinct if truth is not None else 0
    is_of_two = not proba and n_classes <= TWO
    score = _best(left, _SCORE, lambda c: c.is_share) if is_of_two else None
    left = [column for column in left if column is not score]
    decided = _best(left, _PREDICTION, _is_class_or_number, frozenset(_SCORE))
    if score is None and decided is not None and decided.is_share and 0 < n_classes <= TWO:
        score, decided = decided, None  # a prediction between two classes is a score
    if score is not None:
        found["prediction_score"] = score.name
        because["prediction_score"] = "by its name; between 0 and 1"
    if decided is not None:
        found["prediction"] = decided.name
        because["prediction"] = "by its name"
    if proba:
        because["task"] = f"{len(proba)} columns add up to 1"
        return Task.MULTICLASS
    if score is not None:
        because["task"] = "one score"
        return Task.BINARY
    if decided is None:
        names = ", ".join(f"'{column.name}'" for column in left)
        raise ConfigError(
            f"No column looks like a prediction or a score: {names}. Name one `prediction` or "
            "`score`, or write the YAML by hand (docs/configuration.md)."
        )
    judged = truth if truth is not None else decided
    if judged.is_number and (not judged.is_whole or judged.n_distinct > MANY):
        because["task"] = "numbers are predicted"
        return Task.REGRESSION
    because["task"] = f"{judged.n_distinct} classes are predicted"
    return Task.BINARY if judged.n_distinct <= TWO else Task.MULTICLASS


def _positive(truth: ColumnProfile | None) -> str | None:
    """The class that counts as positive, unless it is 1: a telling one, or else the rarer one."""
    if truth is None or not truth.values or "1" in truth.values:
        return None
    telling = [value for value in truth.values if value.lower() in _POSITIVE]
    return telling[0] if telling else truth.values[-1]
