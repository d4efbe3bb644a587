"""What is configured, what of it works, and what to do about the rest."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.log import undated_rows
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import window_of
from monitoring_pipelines.errors import ConfigError, DataError, MonitoringError
from monitoring_pipelines.pipeline.alert_path import Finding, alert_path
from monitoring_pipelines.pipeline.environment import UI, hash_keys
from monitoring_pipelines.pipeline.quality import undated_hint
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.reference import References

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store


def examine(models: Mapping[str, Model], store: Store, now: datetime) -> Iterator[Finding]:
    """Look at everything that a run needs; a fault in one place does not hide the next."""
    yield Finding("database", Verdict.OK, f"{store.label}, version {store.version}")
    if not models:
        yield Finding(
            "models",
            Verdict.WARN,
            "none; `dg scaffold defs monitoring_pipelines.components.MonitoredModel NAME`",
        )
    for model in models.values():
        yield from _model(model, store, now)
    yield from _hash_keys()
    yield from alert_path(models, store)
    if not os.environ.get(UI):
        yield Finding("links", Verdict.WARN, f"{UI} is not set, so messages lead nowhere")


def _hash_keys() -> Iterator[Finding]:
    try:
        ids = [key.id for key in hash_keys()]
    except ConfigError as error:
        yield Finding("hash keys", Verdict.FAIL, str(error))
        return
    if ids:
        yield Finding(
            "hash keys", Verdict.OK, f"{ids[0]}, and older {', '.join(ids[1:]) or 'none'}"
        )


def _model(model: Model, store: Store, now: datetime) -> Iterator[Finding]:
    reader = Reader.open(model)
    try:
        first = window_of(model.config.first, model.config.window, model.config.zone)
        log = reader.predictions.log(first)  # of a database only that window
        is_table = model.config.predictions.is_database
        undated = undated_rows(log) if is_table else reader.predictions.undated_rows()
        text = f"{len(log.columns)} columns, timestamps as {log.time.kind if log.time else 'none'}"
        if undated:
            text += f"; {undated:,} rows have no readable timestamp and are in no window"
            text += undated_hint(model.config.predictions)
        yield Finding(f"{model.name}: predictions", Verdict.WARN if undated else Verdict.OK, text)
        if reader.labels is not None:
            reader.labels.log(None)
            yield Finding(f"{model.name}: labels", Verdict.OK, "readable")
        binning = References(reader, store, now).binning()
        names = ", ".join(list(binning.columns)[:6])
        more = f" and {len(binning.columns) - 6} more" if len(binning.columns) > 6 else ""  # noqa: PLR2004 - as many as were named
        yield Finding(f"{model.name}: reference", Verdict.OK, f"compares {names}{more}")
    except DataError as error:
        yield Finding(f"{model.name}: reference", Verdict.FAIL, f"{error}; check `reference`")
    except MonitoringError as error:
        yield Finding(model.name, Verdict.FAIL, str(error))
    finally:
        reader.close()
