"""A small project of one model: its logs, its store, and what its runs have found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.results import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.parts import WindowReport

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
# two runs differ in these, and in nothing else
OF_THE_RUN = {"run_id"}


def declared(**more: Any) -> ModelConfig:
    """A binary classifier with two reference days and daily windows from the third day."""
    values: dict[str, Any] = {
        "name": "credit",
        "task": "binary_classification",
        "predictions": {
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction_score": "score"},
        },
        "labels": {
            "location": "labels.parquet",
            "columns": {"label": "label", "available_at": "known"},
            "maturity": "5d",
        },
        "reference": {"start": "2026-01-01", "end": "2026-01-03"},
    }
    return ModelConfig.model_validate(values | more)


def rows(n_days: int = 4, per_day: int = 40, seed: int = 0) -> pd.DataFrame:
    """Predictions spread evenly over days from 1 January 2026, with a truth beside them."""
    rng = np.random.default_rng(seed)
    n = n_days * per_day
    score = rng.uniform(size=n).round(3)
    step = timedelta(days=1) / per_day
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "at": pd.to_datetime([FIRST + i * step for i in range(n)], utc=True).as_unit("us"),
            "score": score,
            "amount": rng.normal(100, 10, size=n).round(2),
            "kind": rng.choice(["a", "b", "c"], size=n),
            "label": (rng.uniform(size=n) < score).astype(int),
        }
    )


def labels_of(log: pd.DataFrame, after: timedelta) -> pd.DataFrame:
    """Every prediction's truth, known some time after the prediction."""
    return pd.DataFrame({"id": log["id"], "label": log["label"], "known": log["at"] + after})


@dataclass(slots=True)
class Lab:
    """A project folder with a model in it and a store beside it."""

    root: Path
    config: ModelConfig = field(default_factory=declared)
    now: datetime = LATER
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store.open(f"sqlite:///{self.root / 'monitoring.db'}")

    @property
    def model(self) -> Model:
        return Model(self.config, self.root, self.root)

    def write(self, log: pd.DataFrame, labels: pd.DataFrame | None = None) -> None:
        """Put the two files that `declared` names."""
        log.drop(columns="label", errors="ignore").to_parquet(self.root / "log.parquet")
        if labels is not None:
            labels.to_parquet(self.root / "labels.parquet")

    def day(self, number: int) -> Window:
        """Window of the given day after 1 January 2026, in the model's zone."""
        at = datetime(2026, 1, 1, tzinfo=self.config.zone) + timedelta(days=number)
        return self.model.window(at)

    def at_once(self, *windows: Window) -> list[WindowReport]:
        return [report for report, _ in self._runs(windows, labels=False)]

    def run(self, *windows: Window) -> list[tuple[WindowReport, WindowReport]]:
        """Both steps of each window, in one run."""
        return [(first, second) for first, second in self._runs(windows, labels=True) if second]

    def _runs(
        self, windows: tuple[Window, ...], *, labels: bool
    ) -> Iterator[tuple[WindowReport, WindowReport | None]]:
        with Monitor.open(self.model, self.store, now=self.now, run_id="run") as monitor:
            for window in windows:
                first = monitor.at_once(window)
                yield first, monitor.performance(window) if labels else None

    def results(self, *, latest: bool = True, **equal: str) -> list[Result]:
        with self.store.read() as connection:
            return read(connection, latest=latest, **equal)

    def one(self, window: Window, metric: str, column: str = "", segment: str = "") -> Result:
        """The newest result of one number."""
        found = [
            result
            for result in self.results(metric=metric, column=column, segment=segment)
            if result.window == window.utc
        ]
        assert len(found) == 1, found
        return found[0]

    def realised(self, window: Window, metric: str) -> Result:
        """The newest number that rests on labels, also where an estimate counts in its place."""
        found = [
            result
            for result in self.results(latest=False, metric=metric, column="", segment="")
            if result.window == window.utc and result.status is not Status.ESTIMATED
        ]
        return max(found, key=lambda result: result.as_of)

    def dump(self) -> list[tuple[Any, ...]]:
        """The whole table of results, but for what tells one run from another."""
        return sorted(
            (
                tuple(
                    str(getattr(result, name))
                    for name in result.__dataclass_fields__
                    if name not in OF_THE_RUN
                )
                for result in self.results(latest=False)
            ),
        )
