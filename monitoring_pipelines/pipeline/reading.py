"""Windows of a model's logs to summaries; computed once and kept in the store."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitoring_pipelines.backends.duckdb.activity import answered
from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.fit import fit_binning, usable
from monitoring_pipelines.backends.duckdb.labelled import LabelJoin, summarise_labelled
from monitoring_pipelines.backends.duckdb.leaves import count_leaves, summarise_losses
from monitoring_pipelines.backends.duckdb.log import time_column
from monitoring_pipelines.backends.duckdb.partition import (
    Measured,
    Parting,
    summarise_partitions,
)
from monitoring_pipelines.backends.duckdb.pictures import constant_columns
from monitoring_pipelines.backends.duckdb.predicted import summarise_predicted, summarise_waiting
from monitoring_pipelines.backends.duckdb.rows import Rows, select_rows
from monitoring_pipelines.backends.duckdb.selections import Decision, count_selections
from monitoring_pipelines.backends.duckdb.table import count_versions, summarise_table
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.images.keep import BROKEN
from monitoring_pipelines.pipeline.fairness import group_key
from monitoring_pipelines.pipeline.images import ALL, ImageReader, properties_in
from monitoring_pipelines.pipeline.opening import attributes_of, open_logs
from monitoring_pipelines.pipeline.previous_version import only_versions
from monitoring_pipelines.pipeline.signals import summarised, usual_features
from monitoring_pipelines.pipeline.vectors import VectorReader
from monitoring_pipelines.summaries.partition import Partitions
from monitoring_pipelines.why.measure import Kind, Measure, measure_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from monitoring_pipelines.backends.duckdb.log import Log, TimeColumn
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.pipeline.sources import Opened
    from monitoring_pipelines.summaries.binning import Binning, ColumnBinning
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.leaves import LeafCounts, LeafLosses
    from monitoring_pipelines.summaries.predicted import PredictedSummary
    from monitoring_pipelines.summaries.table import TableSummary


# pandas stores the index of a part of a table under such a name
PANDAS_INDEX = re.compile(r"__index_level_\d+__")


@dataclass(frozen=True, slots=True)
class Reader:
    """The logs of one model on one DuckDB connection."""

    model: Model
    connection: duckdb.DuckDBPyConnection
    predictions: Opened
    labels: Opened | None
    reference: Opened | None
    vectors: VectorReader
    images: ImageReader | None = None

    @classmethod
    def open(cls, model: Model) -> Reader:
        """Connect; nothing is read yet."""
        connection, source = connect(), model.config.predictions.images
        predictions, labels, reference = open_logs(model, connection)
        images = ImageReader(model, source) if source else None
        vectors = VectorReader.of(model, images)
        return cls(model, connection, predictions, labels, reference, vectors, images)

    def close(self) -> None:
        """Free the engine's memory."""
        self.connection.close()
        if self.images:
            self.images.close()

    def rows(self, opened: Opened, window: Window | None) -> Rows:
        """Rows of `window`, each id once."""
        log = opened.log(window)
        id_column = self.model.config.predictions.columns.id
        return select_rows(log, window, id_column if id_column in log.columns else None)

    def seen(self, rows: Rows) -> Rows:
        """`rows` with what their images show, if they have any; these are decoded once."""
        return self.images.beside(rows) if self.images else rows

    def fit(self, rows: Rows) -> Binning:
        """Bins of the features, the score and the prediction."""
        rows = self.seen(rows)
        config = self.model.config
        columns = config.predictions.columns
        outputs = [columns.prediction_score, *columns.prediction_proba.values(), columns.prediction]
        names = [*self._features(rows), *(name for name in outputs if name)]
        numeric = [*config.features.numeric, *(name for name in outputs[:-1] if name)]
        categorical = [*config.features.categorical]
        if columns.prediction:
            kind = numeric if config.task is Task.REGRESSION else categorical
            kind.append(columns.prediction)
        if self.images:  # what is the same of all images is a level, not a quantity
            categorical += constant_columns(rows, properties_in(names, config))
        named = {*config.segments, *attributes_of(config), *outputs}
        named |= {*config.governance.intended_population}
        kept = {name for name in named if name}
        rows = answered(rows) if config.task.tells_outcome else rows
        binning = fit_binning(rows, list(dict.fromkeys(names)), numeric, categorical, kept)
        return self.vectors.fit(rows, binning)

    def _features(self, rows: Rows) -> list[str]:
        config, columns = self.model.config, self.model.config.predictions.columns
        features = config.features
        for name in (*features.include, *features.numeric, *features.categorical):
            rows.log.require([("features", name)])
        if config.task.tells_outcome and not features.include:
            return usual_features(rows, config)
        shown = properties_in(rows.log.columns, config)
        if features.include:
            chosen = (*features.include, *features.numeric, *features.categorical, *shown)
            return [*dict.fromkeys(chosen)]
        roles = {columns.id, columns.timestamp, columns.prediction, columns.prediction_score}
        roles |= {columns.model_version, *columns.prediction_proba.values(), *features.exclude}
        roles |= self.vectors.roles
        if config.predictions.images:
            roles |= {config.predictions.images.column, BROKEN}
        if config.labels:
            roles.add(config.labels.columns.label)
            roles.add(config.labels.columns.available_at)
        return [
            name
            for name, dtype in rows.log.columns.items()
            if name not in roles and usable(dtype) and not PANDAS_INDEX.fullmatch(name)
        ]

    def table(self, rows: Rows, binning: Binning, *, period: bool = False) -> TableSummary:
        """Label-free summary of `rows`: of one window, or of a `period` of many."""
        config = self.model.config
        version, rows = config.predictions.columns.model_version, self.seen(rows)
        windows = (config.window, config.zone) if period else None
        if config.task.tells_outcome:
            table = summarised(rows, config, binning, windows)
            return self.vectors.beside(table, rows, binning)
        table = summarise_table(rows, binning, version, windows, config.predictions.columns.id)
        table = self.vectors.beside(table, rows, binning)
        if config.fairness is None:
            return table
        decision = Decision(
            favourable=config.favourable,
            positive=config.positive,
            prediction=config.predictions.columns.prediction,
            score=config.predictions.columns.prediction_score,
            threshold=config.performance.threshold,
        )
        selections = count_selections(rows, decision, config.fairness.groupings)
        return replace(table, selections=selections)

    def served(self, rows: Rows) -> TableSummary:
        """What `table` tells of the model versions, and nothing else: it reads two columns."""
        config = self.model.config
        told = answered(rows) if config.task.tells_outcome else rows
        versions = count_versions(told, config.predictions.columns.model_version)
        return only_versions(rows.n_rows, versions)

    def labelled(
        self, rows: Rows, as_of: datetime, *, own_labels: bool = False
    ) -> dict[str, LabelledSummary]:
        """Summaries with labels as of a moment: "" for all rows, one per segment value and group.

        `own_labels` tells that the label stands beside the prediction, as in a reference file.
        """
        rows = self._parted(rows)
        join = self.join(rows, own_labels=own_labels)
        found = summarise_labelled(rows, join, as_of)
        for column in self.model.config.segments:
            parts = summarise_labelled(rows, join, as_of, column)
            found |= {f"{column}={value}": summary for value, summary in parts.items()}
        if self.model.config.fairness is not None:
            # decisions are enough, and scores of every group would be many
            bare = replace(join, score=None, proba={}) if join.prediction else join
            for columns in self.model.config.fairness.groupings:
                if {*columns} <= {*rows.log.columns}:
                    parts = summarise_labelled(rows, bare, as_of, grouping=columns)
                    found |= {
                        group_key(columns, name): replace(summary, scores=None)
                        for name, summary in parts.items()
                    }
        return found

    def predicted(self, rows: Rows) -> dict[str, PredictedSummary]:
        """Summaries of what the model said, without labels; by segment as `labelled` has them."""
        rows = self._parted(rows)
        join = self.join(rows, own_labels=True)  # the labels' log is not even opened
        found = summarise_predicted(rows, join)
        for column in self.model.config.segments:
            parts = summarise_predicted(rows, join, column)
            found |= {f"{column}={value}": summary for value, summary in parts.items()}
        return found

    def losses(
        self,
        rows: Rows,
        as_of: datetime,
        binning: Binning,
        grown: LeafLosses | None = None,
        *,
        own_labels: bool = False,
    ) -> LeafLosses:
        """Losses of a regression's labelled rows, by a tree over features and prediction.

        The tree is that of `grown`, or of these rows.
        """
        rows = self.seen(rows)
        join, columns = self.join(rows, own_labels=own_labels), self._told(binning)
        segments = self.model.config.segments
        return summarise_losses(rows, join, as_of, columns, segments, grown)

    def leaves(self, rows: Rows, binning: Binning, losses: LeafLosses) -> dict[str, LeafCounts]:
        """Predictions of a regression by the leaves of that tree; by segment as `losses` are."""
        rows = self.seen(rows)
        join, columns = self.join(rows, own_labels=True), self._told(binning)
        found = count_leaves(rows, join, losses, columns)
        for column in self.model.config.segments:
            parts = count_leaves(rows, join, losses, columns, column)
            found |= {f"{column}={value}": counts for value, counts in parts.items()}
        return found

    def _parted(self, rows: Rows) -> Rows:
        """`rows` with what their images show, if segments or groups are made of it."""
        named = {*self.model.config.segments, *attributes_of(self.model.config)}
        return self.seen(rows) if named & ALL else rows

    def _told(self, binning: Binning) -> dict[str, ColumnBinning]:
        """Bins of the features and of the prediction."""
        prediction = self.model.config.predictions.columns.prediction
        more = {prediction: binning.columns[prediction]} if prediction else {}
        return self.features(binning) | more

    def waiting(self, rows: Rows, as_of: datetime) -> dict[str, dict[int, PredictedSummary]]:
        """What the model said of the rows whose label is not known at `as_of`, by their age."""
        rows = self._parted(rows)
        join = self.join(rows)
        found = summarise_waiting(rows, join, as_of)
        for column in self.model.config.segments:
            parts = summarise_waiting(rows, join, as_of, column)
            found |= {f"{column}={value}": ages for value, ages in parts.items()}
        return found

    @property
    def measure(self) -> Measure:
        """What a change of performance is split in."""
        return measure_of(self.model.config.primary_metric, self.model.config.task.judged_as)

    def features(self, binning: Binning) -> dict[str, ColumnBinning]:
        """Bins of what the model was given; what it answered explains nothing."""
        columns = self.model.config.predictions.columns
        answers = {columns.prediction, columns.prediction_score, *columns.prediction_proba.values()}
        return {name: bins for name, bins in binning.columns.items() if name not in answers}

    def partitions(
        self,
        rows: Rows,
        as_of: datetime,
        binning: Binning,
        *,
        pairs: Sequence[Parting] | None = None,
        own_labels: bool = False,
    ) -> Partitions:
        """Labelled rows parted by each feature; if `pairs` are given, by these alone."""
        rows = self.seen(rows)
        features, score = self.features(binning), self.model.config.predictions.columns
        edges = None
        if self.measure.kind is Kind.AREA and score.prediction_score:
            edges = binning.columns[score.prediction_score].edges
        measured = Measured(
            rows=rows,
            join=self.join(rows, own_labels=own_labels),
            as_of=as_of,
            measure=self.measure.name,
            score_edges=edges,
        )
        if pairs is not None:
            found = summarise_partitions(measured, features, pairs)
            return Partitions(rows.n_rows, {}, tuple(found))
        found = summarise_partitions(measured, features, [Parting((name,)) for name in features])
        return Partitions(rows.n_rows, {partition.columns[0]: partition for partition in found})

    def join(self, rows: Rows, *, own_labels: bool = False) -> LabelJoin:
        """How predictions find their labels."""
        config = self.model.config
        if config.labels is None:
            raise ConfigError(f"Model '{config.name}' has no `labels`.")
        columns, truth = config.predictions.columns, config.labels.columns
        return LabelJoin(
            task=config.task.judged_as,
            label=truth.label,
            labels=None if own_labels or self.labels is None else self.labels.log(None),
            available=None if own_labels or self.labels else self._own_arrival(rows.log),
            prediction_id=columns.id,
            label_id=truth.id or columns.id,
            score=columns.prediction_score,
            prediction=columns.prediction,
            proba=columns.prediction_proba,
            positive=config.labels.positive,
            threshold=config.performance.threshold,
            judge=truth.judge,
            maturity=self.model.maturity,
        )

    def label_cut(self, window: Window, now: datetime) -> datetime:
        """Moment whose labels count: now, or when the window's labels were mature.

        A final number therefore stays the same, however late it is computed again.
        """
        return min(now, window.end + self.model.maturity) if self.labels else now

    def check_unchanged(self) -> None:
        """Refuse what was read if a file was replaced meanwhile."""
        for opened in (self.predictions, self.labels, self.reference):
            if opened is not None:
                opened.check_unchanged()
        self.vectors.check_unchanged()

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the files that were read, by what they are."""
        logs = {"predictions": self.predictions, "labels": self.labels, "reference": self.reference}
        return {name: log.seen for name, log in logs.items() if log is not None and log.seen}

    def release(self) -> None:
        """Free the windows that were read from a database, and those with images."""
        if self.images:
            self.images.release()
        self.predictions.release()

    def _own_arrival(self, log: Log) -> TimeColumn | None:
        """When a label came that stands in the prediction log itself, if the log tells."""
        config = self.model.config
        name = config.labels.columns.available_at if config.labels else None
        if name is None:
            return None
        return time_column(log, name, ZoneInfo(config.predictions.timezone or config.timezone))
