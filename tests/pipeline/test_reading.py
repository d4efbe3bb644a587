"""Which columns are features, and how they are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.errors import ConfigError, MissingColumnError
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.summaries.column import ColumnKind
from tests.pipeline.lab import Lab, declared, rows

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.binning import Binning


def fitted(lab: Lab, **more: Any) -> Binning:
    lab.config = declared(**more)
    log = rows().rename_axis("__index_level_0__")
    log["seen"] = log["at"]
    log.to_parquet(lab.root / "log.parquet")
    reader = Reader.open(lab.model)
    try:
        return reader.fit(reader.rows(reader.predictions, lab.day(0)))
    finally:
        reader.close()


def test_features_are_what_has_no_other_role(lab: Lab) -> None:
    """Neither id, times and label nor the index that pandas writes."""
    assert list(fitted(lab).columns) == ["amount", "kind", "score"]


def test_features_may_be_named_or_left_out(lab: Lab) -> None:
    assert list(fitted(lab, features=["kind"]).columns) == ["kind", "score"]
    assert list(fitted(lab, features={"exclude": ["kind"]}).columns) == ["amount", "score"]


def test_the_user_says_what_is_a_number(lab: Lab) -> None:
    found = fitted(lab, features={"categorical": ["amount"]}).columns["amount"]
    assert found.kind is ColumnKind.CATEGORICAL


def test_a_feature_that_is_not_there(lab: Lab) -> None:
    with pytest.raises(MissingColumnError, match=r"'amont' \(`features`\).*Did you mean 'amount'"):
        fitted(lab, features=["amont"])


@pytest.mark.parametrize(("task", "kind"), [("regression", "numeric"), (None, "categorical")])
def test_a_prediction_is_taken_by_the_task(lab: Lab, task: str | None, kind: str) -> None:
    columns = {"id": "id", "timestamp": "at", "prediction": "label"}
    more = {"task": task} if task else {}
    labels = {"location": "labels.parquet", "columns": {"label": "truth"}}
    predictions = {"location": "log.parquet", "columns": columns}
    found = fitted(lab, predictions=predictions, labels=labels, **more)
    assert found.columns["label"].kind == kind


def test_without_labels_there_is_nothing_to_join(lab: Lab) -> None:
    lab.config = declared(labels=None)
    rows().to_parquet(lab.root / "log.parquet")
    reader = Reader.open(lab.model)
    with pytest.raises(ConfigError, match="Model 'credit' has no `labels`"):
        reader.join(reader.rows(reader.predictions, None))
    reader.close()
