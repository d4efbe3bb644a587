"""A run that failed is a verdict too: its windows were not judged, and somebody has to know.

So is a failed run of an asset that a model's `alerts.failures_of` names, such as the one that
writes its log. It counts for the newest window, until the asset is materialized again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines import __version__
from monitoring_pipelines.alerts.triage import RUN, UPSTREAM
from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import window_of
from monitoring_pipelines.pipeline.alerting import evaluate
from monitoring_pipelines.pipeline.environment import alert_settings
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.store.results import read, replace, told_by

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


@dataclass(frozen=True, slots=True)
class Upstream:
    """A run of another asset that failed, or succeeded, `at` a moment."""

    asset: str
    at: datetime
    run_id: str


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


def tell_of_upstream(
    models: Sequence[Model],
    store: Store,
    failed: Sequence[Upstream],
    fine: Sequence[Upstream],
    now: datetime,
) -> None:
    """Store a failed verdict for each `failed` run, an ok one where a `fine` one came after it."""
    for model in models:
        named = model.config.alerts.failures_of
        if not named:
            continue
        told = [run for run in failed if run.asset in named]
        for run in told:
            said = Judgement(Verdict.FAIL, f"a run of {run.asset} failed; its log says why")
            _store_upstream(model, store, _newest(model, now), run, said)
        with store.read() as connection:
            known = read(connection, model=model.name, metric=UPSTREAM)
        for result in known:
            for run in fine:
                if (
                    result.verdict is Verdict.FAIL
                    and run.asset == result.column
                    and run.at > result.as_of
                ):
                    said = Judgement(Verdict.OK, f"{run.asset} was materialized again")
                    _store_upstream(model, store, result.window, run, said)
                    told.append(run)
        if told:
            evaluate(store.engine, alert_settings(model), now, told[-1].run_id)


def _store_upstream(
    model: Model, store: Store, window: Window, run: Upstream, said: Judgement
) -> None:
    judging = Judging(model.config, run.run_id, __version__)
    result = judging.result(window, UPSTREAM, 0, said, column=run.asset, as_of=run.at)
    with store.write() as connection:
        replace(
            connection,
            [result],
            model=model.name,
            window=window.utc,
            metrics={UPSTREAM},
            as_of=run.at,
        )


def _newest(model: Model, now: datetime) -> Window:
    """The newest window that is over, or else the first one."""
    config = model.config
    over = model.windows(None, None, now)
    return over[-1] if over else window_of(config.first, config.window, config.zone)


def _windows(model: Model, first: str, last: str, now: datetime) -> list[Window]:
    cadence = model.config.window
    return [
        window for window in model.windows(None, None, now) if first <= window.key(cadence) <= last
    ]
