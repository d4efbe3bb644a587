"""A run that failed is a verdict too: its windows were not judged, and somebody has to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.triage import RUN
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.environment import alert_settings
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.store.results import replace, told_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run of `model` over the windows from `first` to `last`, which are keys; None if unknown."""

    run_id: str
    model: str
    first: str | None
    last: str | None


def tell_of_failures(
    models: Sequence[Model], store: Store, runs: Sequence[FailedRun], now: datetime
) -> None:
    """Store a failed verdict for each window that a run left unjudged, and decide on alerts.

    A run that already stored why it failed, as for a log that cannot be read, says no more. The
    next run of the window that succeeds takes the verdict away.
    """
    by_name = {model.name: model for model in models}
    for run in runs:
        model = by_name.get(run.model)
        if model is None or run.first is None or run.last is None:
            continue
        with store.read() as connection:
            if told_by(connection, run.model, run.run_id):
                continue
        judging = Judging(model.config, run.run_id, __version__)
        for window in _windows(model, run.first, run.last, now):
            result = judging.unreadable(window, RUN, "the run failed; its log says why")
            with store.write() as connection:
                replace(
                    connection,
                    [result],
                    model=model.name,
                    window=window.utc,
                    metrics={RUN},
                    as_of=result.as_of,
                )
        evaluate(store.engine, alert_settings(model), now, run.run_id)


def _windows(model: Model, first: str, last: str, now: datetime) -> list[Window]:
    cadence = model.config.window
    return [
        window for window in model.windows(None, None, now) if first <= window.key(cadence) <= last
    ]
