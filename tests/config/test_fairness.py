"""Which groups are compared, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.fairness import Fairness
from tests.pipeline.lab import declared

DECIDED = {
    "location": "log.parquet",
    "columns": {"id": "id", "timestamp": "at", "prediction": "decision"},
}
SEX = {"attributes": ["sex"]}


def test_every_attribute_and_if_wanted_every_two() -> None:
    one = Fairness(attributes=("sex", "race", "age"))
    assert one.groupings == (("sex",), ("race",), ("age",))
    two = Fairness(attributes=("sex", "race", "age"), intersections=True)
    assert two.groupings[3:] == (("sex", "race"), ("sex", "age"), ("race", "age"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"fairness": {"attributes": []}}, "at least 1 item"),
        ({"fairness": SEX | {"tolerances": {"selection_ratio": 0.9}}}, "selection_rate_ratio"),
        ({"fairness": SEX | {"tolerances": {"missing_rate": 0.9}}}, "Unknown metric"),
        ({"fairness": SEX | {"intersection": True}}, "Did you mean 'intersections'"),
        ({"fairness": SEX}, "`performance.threshold`"),
        (
            {"fairness": SEX, "task": "regression", "predictions": DECIDED},
            "a regression makes none",
        ),
        (
            {"fairness": SEX, "task": "multiclass_classification", "predictions": DECIDED},
            "`fairness.favourable` is needed",
        ),
    ],
)
def test_what_cannot_be(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        declared(**more)


def test_the_favourable_class() -> None:
    assert declared().favourable == "1"
    assert declared(fairness=SEX, predictions=DECIDED).favourable == "1"
    assert declared(fairness=SEX | {"favourable": 0}, predictions=DECIDED).favourable == "0"
    labels = {"columns": {"label": "y"}, "positive": "bad", "location": "labels.parquet"}
    assert declared(fairness=SEX, predictions=DECIDED, labels=labels).favourable == "bad"


def test_only_what_is_counted_makes_new_summaries() -> None:
    one = declared(fairness=SEX, predictions=DECIDED)
    other = declared(fairness=SEX | {"min_rows": 9, "fails": True}, predictions=DECIDED)
    assert one.summary_fingerprint == other.summary_fingerprint
    assert one.fingerprint != other.fingerprint
    both = declared(fairness={"attributes": ["sex", "race"]}, predictions=DECIDED)
    assert one.summary_fingerprint != both.summary_fingerprint
