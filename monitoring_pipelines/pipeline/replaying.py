"""The history that `mlmon replay` goes through: stored, or judged again and thrown away."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.handling import Feedback
from monitoring_pipelines.expectations.suite import load_suite
from monitoring_pipelines.pipeline.parts import PARTS
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.incidents import listed
from monitoring_pipelines.store.results import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitoring_pipelines.alerts.replay import Alert
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model


def stored_history(model: Model, store: Store, windows: Sequence[Window]) -> list[Result] | None:
    """Everything that was ever known of `windows`; None if one was judged otherwise or not at all.

    Verdicts of another configuration are not those that this one would give.
    """
    with store.read() as connection:
        found = read(
            connection,
            model=model.name,
            start=windows[0].utc.start,
            end=windows[-1].utc.end,
            latest=False,
        )
    judged = {r.window for r in found if r.config_hash == model.config.fingerprint}
    if any(window.utc not in judged for window in windows):
        return None
    return [r for r in found if r.config_hash == model.config.fingerprint]


def judged_again(model: Model, windows: Iterable[Window], now: datetime) -> list[Result]:
    """Judge `windows` by the model's configuration, in a database that is thrown away.

    Nothing is stored or sent. Of labels only the newest state is seen, so there are estimates and
    final numbers and nothing in between.
    """
    config = model.config
    suite = (
        load_suite(config.expectations, model.folder) if config.expectations is not None else None
    )
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'replay.db'}")
        try:
            with Monitor.open(model, store, now=now, run_id="replay") as monitor:
                for window in windows:
                    monitor.at_once(window, PARTS, suite)
                    if config.labels is not None:
                        monitor.performance(window)
            with store.read() as connection:
                return read(connection, model=model.name, latest=False)
        finally:
            store.engine.dispose()


def with_feedback(model: Model, store: Store, alerts: Iterable[Alert]) -> list[Alert]:
    """Add what people called the incident of the same trouble at the same time."""
    with store.read() as connection:
        told = [row for row in listed(connection, model.name) if row["feedback"]]
    found = []
    for alert in alerts:
        said = [
            Feedback(row["feedback"])
            for row in told
            if row["cause"] == alert.cause
            and row["opened_window"] <= alert.last
            and alert.opened <= row["last_window"]
        ]
        found.append(replace(alert, feedback=said[0]) if said else alert)
    return found
