"""The embeddings of a model: where its vectors are, their frames and their summaries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.activity import having, told_columns
from monitoring_pipelines.backends.duckdb.vectors import (
    VectorColumn,
    fit_embeddings,
    summarise_embeddings,
)
from monitoring_pipelines.backends.onnx import OnnxEmbedder
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.logs.npy import VectorFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.summaries.binning import Binning
    from monitoring_pipelines.summaries.table import TableSummary

# what prompts are about, in logs of calls whose prompts are there
TOPIC = "topic"
TOPIC_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class VectorReader:
    """Reads the declared embeddings of one model; one that declares none is left as it is."""

    id_column: str | None
    columns: Mapping[str, VectorColumn]

    @classmethod
    def of(cls, model: Model) -> VectorReader:
        """Nothing is opened yet."""
        found = {}
        for name, one in model.config.embeddings.items():
            file = VectorFile(model.root / one.location, one.location) if one.location else None
            onnx = OnnxEmbedder(model.root / one.embedder, one.embedder) if one.embedder else None
            found[name] = VectorColumn(one.column, one.sample, file, onnx)
        if model.config.task is Task.LLM and not found and model.config.predictions.format == "llm":
            found[TOPIC] = VectorColumn(TOPIC, TOPIC_SAMPLE)
        return cls(model.config.predictions.columns.id, found)

    @property
    def roles(self) -> set[str]:
        """Columns of the log that are no features."""
        return {column.name for column in self.columns.values()}

    @property
    def versions(self) -> str:
        """Of the models that make vectors: what another one made is not compared."""
        return "".join(c.embedder.version for c in self.columns.values() if c.embedder is not None)

    def fit(self, rows: Rows, binning: Binning) -> Binning:
        """`binning` with the frames of the reference's vectors."""
        if TOPIC in self.columns and TOPIC not in told_columns(rows, [TOPIC]):
            return binning  # a log without prompts
        for name, column in self.columns.items():
            rows.log.require([(f"embeddings.{name}.column", column.name)])
            if name in binning.columns:
                raise ConfigError(
                    f"`embeddings.{name}` has the name of a column that is watched as well; "
                    "give it another one."
                )
        if not self.columns:
            return binning
        rows = self._told(rows)
        return replace(binning, embeddings=fit_embeddings(rows, self.id_column, self.columns))

    def beside(self, table: TableSummary, rows: Rows, binning: Binning) -> TableSummary:
        """`table` with the summaries of the vectors of its `rows`."""
        if not binning.embeddings:
            return table
        rows = self._told(rows)
        found = summarise_embeddings(rows, self.id_column, binning.embeddings, self.columns)
        return replace(table, columns={**table.columns, **found})

    def _told(self, rows: Rows) -> Rows:
        """Of topics only the rows that have one: the others are further calls of a session."""
        return having(rows, TOPIC) if TOPIC in self.columns else rows

    def check_unchanged(self) -> None:
        """Refuse what was read if a file or a model was replaced meanwhile."""
        for column in self.columns.values():
            for source in (column.file, column.embedder):
                if source is not None:
                    source.check_unchanged()
