"""One tree; each sentence says what, where and what to do."""

from __future__ import annotations

import inspect

import pytest

from monitoring_pipelines import errors
from monitoring_pipelines.errors import (
    BinMismatchError,
    ConfigError,
    DataError,
    EmptySampleError,
    MissingColumnError,
    MonitoringError,
    NoLabelError,
    OneClassError,
    SourceChangedError,
    SourceNotFoundError,
    SourceUnreadableError,
    UnknownNameError,
    suggestion,
)

CLASSES = [c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, Exception)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_every_error_is_in_the_tree_and_drawn_in_it(error: type[Exception]) -> None:
    assert issubclass(error, MonitoringError)
    assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (UnknownNameError("metric", "psy", ["psi"]), "Unknown metric 'psy'. Did you mean 'psi'?"),
        (SourceNotFoundError("a.csv", "S3"), "No file or table at 'a.csv' (S3). Check `location`"),
        (SourceUnreadableError("a.csv", "no header"), "'a.csv' cannot be read: no header"),
        (MissingColumnError("label", "lable", "a.csv", ["label"]), "Did you mean 'label'?"),
        (SourceChangedError("a.csv"), "nothing was stored"),
        (EmptySampleError("analysis"), "no value in the analysis period"),
        (NoLabelError("score"), "no labelled row with a score"),
        (BinMismatchError(3, 4), "the reference has 3 bins and the analysis 4"),
        (OneClassError(1_200), "all 1,200 labels are of one class"),
        (OneClassError(1_200, "no"), "all 1,200 labels are of one class ('no')"),
    ],
)
def test_sentences(error: Exception, says: str) -> None:
    assert says in str(error)


def test_what_a_user_wrote_is_also_a_value_error() -> None:
    assert issubclass(ConfigError, ValueError)
    assert not issubclass(DataError, ValueError)


def test_a_suggestion_is_only_made_if_it_is_near() -> None:
    assert suggestion("wasserstein", ["psi"]) == "Known: psi."
    assert suggestion("x", []) == "Known: none."
