"""The embeddings of a model: where its vectors are, their frames and their summaries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.activity import having, told_columns
from monitoring_pipelines.backends.duckdb.pictures import image_column
from monitoring_pipelines.backends.duckdb.vectors import (
    VectorColumn,
    fit_embeddings,
    summarise_embeddings,
)
from monitoring_pipelines.backends.onnx import OnnxEmbedder
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.logs.npy import VectorFile
from monitoring_pipelines.pipeline.image_vectors import ImageEmbedder, layout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.config.embeddings import PictureScale
    from monitoring_pipelines.pipeline.images import ImageReader
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.summaries.binning import Binning
    from monitoring_pipelines.summaries.column import ColumnSummary
    from monitoring_pipelines.summaries.frame import VectorFrame
    from monitoring_pipelines.summaries.table import TableSummary

# what prompts are about, in logs of calls whose prompts are there
TOPIC = "topic"
TOPIC_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class VectorReader:
    """Reads the declared embeddings of one model; one that declares none is left as it is."""

    id_column: str | None
    columns: Mapping[str, VectorColumn]
    images: ImageReader | None = None
    scales: Mapping[str, PictureScale] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, images: ImageReader | None = None) -> VectorReader:
        """Nothing is opened yet."""
        found = {}
        for name, one in model.config.embeddings.items():
            file = VectorFile(model.root / one.location, one.location) if one.location else None
            onnx = OnnxEmbedder(model.root / one.embedder, one.embedder) if one.embedder else None
            found[name] = VectorColumn(one.column, one.sample, file, onnx)
        if model.config.task is Task.LLM and not found and model.config.predictions.format == "llm":
            found[TOPIC] = VectorColumn(TOPIC, TOPIC_SAMPLE)
        scales = {name: one.pictures for name, one in model.config.embeddings.items()}
        return cls(model.config.predictions.columns.id, found, images, scales)

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
        pairs = {name: self._source(name, rows) for name in self.columns}
        for name, (of, column) in pairs.items():
            of.log.require([(f"embeddings.{name}.column", column.name)])
            if name in binning.columns:
                raise ConfigError(
                    f"`embeddings.{name}` has the name of a column that is watched as well; "
                    "give it another one."
                )
        if not self.columns:
            return binning
        frames: dict[str, VectorFrame] = {}
        for name, (of, column) in pairs.items():
            frames |= fit_embeddings(of, self.id_column, {name: column})
        return replace(binning, embeddings=frames)

    def beside(self, table: TableSummary, rows: Rows, binning: Binning) -> TableSummary:
        """`table` with the summaries of the vectors of its `rows`."""
        if not binning.embeddings:
            return table
        found: dict[str, ColumnSummary] = {}
        for name, frame in binning.embeddings.items():
            of, column = self._source(name, rows)
            found |= summarise_embeddings(of, self.id_column, {name: frame}, {name: column})
        return replace(table, columns={**table.columns, **found})

    def _source(self, name: str, rows: Rows) -> tuple[Rows, VectorColumn]:
        """Where the vectors are read; those of images from the log's rows as they are.

        Topics are read of the rows that have one: the others are further calls of a session.
        """
        column = self.columns[name]
        if column.name == TOPIC and TOPIC in rows.log.columns:
            return having(rows, TOPIC), column
        onnx = column.embedder
        given = onnx.picture if isinstance(onnx, OnnxEmbedder) else None
        if given is None or not isinstance(onnx, OnnxEmbedder):
            return rows, column
        if self.images is None or self.images.source.column != column.name:
            raise ConfigError(
                f"'{onnx.location}' takes pictures: `embeddings.{name}.column` must be that of "
                "`predictions.images`."
            )
        layout, plain = layout_of(given, self.scales[name], onnx.location), self.images.plain(rows)
        if column.name not in plain.log.columns:
            return plain, column  # it is told as any column that is gone
        embedder = ImageEmbedder(onnx, layout, self.images)
        content = image_column(plain, column.name).content
        return plain, column._replace(embedder=embedder, content=content)

    def check_unchanged(self) -> None:
        """Refuse what was read if a file or a model was replaced meanwhile."""
        for column in self.columns.values():
            for source in (column.file, column.embedder):
                if source is not None:
                    source.check_unchanged()
