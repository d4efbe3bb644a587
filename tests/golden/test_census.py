"""The census log that ships, run as a model, against numbers that scikit-learn gave beforehand.

By the days that the rows are laid out on, 5,000 a day, and by calendar year, their only true time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.results import read
from tests.golden.public_data import oracle
from tests.pipeline.lab import LATER

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

PROJECT = Path(__file__).parents[2]


def declared() -> dict[str, Any]:
    path = PROJECT / "assets" / "census_employment" / "defs.yaml"
    attributes: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["attributes"]
    return {**attributes, "segments": [], "expectations": None}


def by_year() -> dict[str, Any]:
    values = declared()
    values["predictions"]["columns"]["timestamp"] = "surveyed"
    more = {"window": "year", "end": "2019-01-01"}
    return values | more | {"reference": {"start": "2015-01-01", "end": "2016-01-01"}}


def areas(folder: Path, values: dict[str, Any]) -> list[Result]:
    """Realised AUC of every window, and no verdict but `ok` or `unknown` that drift alone gave."""
    model = Model(ModelConfig.model_validate(values), PROJECT, PROJECT)
    store = Store.open(f"sqlite:///{folder}/monitoring.db")
    with Monitor.open(model, store, now=LATER, run_id="run") as monitor:
        for window in model.windows(None, None, LATER):
            monitor.at_once(window, ("predictions", "drift"))
            monitor.performance(window)
    with store.read() as connection:
        everything = read(connection)
    store.engine.dispose()
    failing = {result.metric for result in everything if result.verdict is Verdict.FAIL}
    assert failing <= {"roc_auc"}
    return [result for result in everything if result.metric == "roc_auc"]


@pytest.mark.slow
def test_days(tmp_path: Path) -> None:
    numbers = oracle("nannyml_employment_ma")["analysis_chunks_5000"]
    found = areas(tmp_path, declared())
    assert [result.n for result in found] == [part["n"] for part in numbers]
    assert len(found) == 42
    expected = [part["roc_auc"] for part in numbers]
    assert [result.value for result in found] == pytest.approx(expected, abs=1e-6)
    # two windows of one subsample of the survey, in which the model is truly worse
    failing = [i for i, result in enumerate(found) if result.verdict is Verdict.FAIL]
    assert failing == [27, 28]


def test_years(tmp_path: Path) -> None:
    numbers = oracle("nannyml_employment_ma")["analysis_by_year"]
    found = areas(tmp_path, by_year())
    assert [f"{result.window.start:%Y}" for result in found] == list(numbers)
    expected = [part["roc_auc"] for part in numbers.values()]
    assert [result.value for result in found] == pytest.approx(expected, abs=1e-6)
    assert [result.n for result in found] == [part["n"] for part in numbers.values()]
    assert all(result.verdict is Verdict.OK for result in found)
