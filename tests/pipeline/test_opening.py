"""What of a model is opened, and which columns have to be there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.errors import MissingColumnError
from monitoring_pipelines.pipeline.llm_source import OpenedLlm
from monitoring_pipelines.pipeline.opening import attributes_of, open_logs
from tests.pipeline.lab import Lab, declared, labels_of, rows
from tests.pipeline.test_governance import DAY
from tests.pipeline.test_llm_source import app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("changes", "role"),
    [
        ({"segments": ["nothing"]}, "segments"),
        ({"predictions": {"location": "log.parquet", "columns": {"id": "nothing", "timestamp": "at",
          "prediction_score": "score"}}}, "id"),
        ({"fairness": {"attributes": ["nothing"]}, "performance": {"threshold": 0.5}},
         "fairness.attributes"),
    ],
)  # fmt: skip
def test_a_column_that_is_named_has_to_be_there(
    tmp_path: Path, changes: dict[str, Any], role: str
) -> None:
    lab = Lab(tmp_path, declared(**changes))
    log = rows()
    lab.write(log, labels_of(log, DAY))
    with closing(connect()) as connection:
        predictions, labels, reference = open_logs(lab.model, connection)
        assert labels is not None
        assert reference is None
        with pytest.raises(MissingColumnError, match=f"`{role}`"):
            predictions.log(None)


def test_raw_logs_are_read_and_tables_are_looked_at(tmp_path: Path) -> None:
    with closing(connect()) as connection:
        assert isinstance(open_logs(Lab(tmp_path, app()).model, connection)[0], OpenedLlm)
        assert not isinstance(open_logs(Lab(tmp_path).model, connection)[0], OpenedLlm)


def test_groups_are_those_of_fairness() -> None:
    assert attributes_of(declared()) == ()
    config = declared(fairness={"attributes": ["kind"]}, performance={"threshold": 0.5})
    assert attributes_of(config) == ("kind",)
