"""The logs of a model, by its configuration: what is opened, and which columns must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.llm_behaviour import Toolbox
from monitoring_pipelines.config.source import Predictions, Source
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.pipeline.images import ALL
from monitoring_pipelines.pipeline.llm_source import OpenedLlm
from monitoring_pipelines.pipeline.sources import Opened

if TYPE_CHECKING:
    import duckdb

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.pipeline.model import Model


def open_logs(
    model: Model, connection: duckdb.DuckDBPyConnection
) -> tuple[Opened, Opened | None, Opened | None]:
    """Predictions, labels of their own, and a given reference; nothing is read yet."""
    config = model.config
    columns = config.predictions.columns
    shown = ALL if config.predictions.images else ()  # not in the log, but beside it
    roles = _roles(
        [("id", columns.id), ("timestamp", columns.timestamp)]
        + [("prediction", columns.prediction), ("prediction_score", columns.prediction_score)]
        + [
            (f"prediction_proba.{name}", column)
            for name, column in columns.prediction_proba.items()
        ]
        + [("model_version", columns.model_version)]
        + [("segments", name) for name in config.segments if name not in shown]
        + [("fairness.attributes", name) for name in attributes_of(config) if name not in shown]
        + _of_security(config)
    )
    labels = None
    if config.labels and config.labels.location:
        truth = config.labels.columns
        wanted = [("id", truth.id or columns.id), ("label", truth.label)]
        wanted.append(("security.columns.label_source", config.security.columns.label_source))
        labels = Opened(
            connection,
            config.labels,
            model.root,
            "labels",
            _roles([*wanted, ("available_at", truth.available_at), ("judge", truth.judge)]),
            truth.available_at,
            config.timezone,
            every_column=False,
        )
    elif config.labels:
        truth = config.labels.columns
        beside = [("label", truth.label), ("available_at", truth.available_at)]
        beside.append(("judge", truth.judge))
        roles = (*roles, *_roles(beside))
    predictions = _opened(
        model, connection, config.predictions, "predictions", roles, columns.timestamp
    )
    return predictions, labels, _reference(model, connection)


def attributes_of(config: ModelConfig) -> tuple[str, ...]:
    """Columns with the groups of people that are compared."""
    return config.fairness.attributes if config.fairness else ()


def _of_security(config: ModelConfig) -> list[tuple[str, str | None]]:
    security = config.security
    if not security.is_on:
        return []
    named = [
        (f"security.columns.{role}", name)
        for role, name in security.columns
        if role != "label_source"  # a column of the labels
    ]
    return [*named, *(("security.texts", name) for name in security.texts or ())]


def _roles(pairs: list[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((role, name) for role, name in pairs if name is not None)


def _reference(model: Model, connection: duckdb.DuckDBPyConnection) -> Opened | None:
    """Open the given reference file; it need carry neither timestamps nor labels."""
    config = model.config
    if config.reference.location is None:
        return None
    columns = config.predictions.columns
    place = config.reference.location
    source = Source(location=place, timezone=config.predictions.timezone)
    if config.predictions.is_llm:
        source = config.predictions.model_copy(update={"location": place})
    outputs = [("prediction", columns.prediction), ("prediction_score", columns.prediction_score)]
    return _opened(model, connection, source, "reference", _roles(outputs), None)


def _opened(
    model: Model,
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    view: str,
    roles: tuple[tuple[str, str], ...],
    time: str | None,
) -> Opened:
    """Open predictions, or what they are compared with."""
    config = model.config
    places = (connection, source, model.root, view, roles, time, config.timezone)
    if not isinstance(source, Predictions) or not source.is_llm:
        return Opened(*places)
    return OpenedLlm(
        *places,
        is_task=config.task is Task.AGENT,
        tools=config.signals.tools,
        toolbox=Toolbox(**config.security.tools.model_dump()),
    )
