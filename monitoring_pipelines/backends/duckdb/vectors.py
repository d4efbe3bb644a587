"""Vectors of a log, read in batches: their frame from the reference, and their summaries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from monitoring_pipelines.backends.duckdb.connection import identifier, readable
from monitoring_pipelines.backends.duckdb.rows import row_hash
from monitoring_pipelines.backends.duckdb.table import span
from monitoring_pipelines.backends.duckdb.types import category
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.frame import empty_frame, fit_frame
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.vectors import VectorMoments, Vectors, VectorSample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.summaries.frame import VectorFrame

# of the reference, for the fit alone: more would hardly move a component or a cell
MAX_FIT_ROWS = 5_000
HASHES = 1 << 63
# at a time; of 1,024 numbers each they are 16 MB as doubles
BATCH_ROWS = 2_048
BATCH_IMAGES = 256
# larger ones overflow when they are squared
LARGEST = 1e100


class RowFile(Protocol):
    """A file with one vector per row."""

    @property
    def n_rows(self) -> int:
        """Number of vectors."""

    def take(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Vectors by the number of their row, shape (n, d)."""

    def check_unchanged(self) -> None:
        """Refuse what was read if the file was replaced meanwhile."""


class Embedder(Protocol):
    """What makes vectors of texts, or of lists of `width` numbers."""

    @property
    def width(self) -> int | None:
        """Numbers that an input has; None if inputs are texts."""

    @property
    def version(self) -> str:
        """Changes with the vectors that it makes."""

    def embed(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Vectors, shape (n, d), of texts, shape (n,), or numbers, shape (n, width)."""

    def check_unchanged(self) -> None:
        """Refuse what was made if the embedder was replaced meanwhile."""


class VectorColumn(NamedTuple):
    """A column of the log that holds lists of numbers, or the numbers of rows of `file`.

    With an `embedder` the column holds what that takes. `content` is the SQL of an image in it, its
    bytes or its name.
    """

    name: str
    sample: int
    file: RowFile | None = None
    embedder: Embedder | None = None
    content: str | None = None

    @property
    def type(self) -> str:
        """What the column's values are read as."""
        if self.embedder is not None and self.embedder.width is None:
            return "VARCHAR"
        return "BIGINT" if self.file else "DOUBLE[]"


class Batch(NamedTuple):
    """Rows with a list: their hashes, the lists' lengths, and all numbers one after another."""

    hashes: NDArray[np.int64]
    lengths: NDArray[np.int64]
    numbers: NDArray[np.float64]
    n_missing: int
    n_unreadable: int

    def of_length(self, d: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Hashes and vectors, shape (n, d), of the lists with `d` numbers."""
        fits = self.lengths == d
        if fits.all():
            return self.hashes, self.numbers.reshape(-1, d)
        starts = (np.cumsum(self.lengths) - self.lengths)[fits]
        return self.hashes[fits], self.numbers[starts[:, None] + np.arange(d)]


def fit_embeddings(
    rows: Rows, id_column: str | None, columns: Mapping[str, VectorColumn]
) -> dict[str, VectorFrame]:
    """Frames of the reference's vectors, by name; see `monitoring_pipelines.summaries.frame`."""
    return {name: _fit(rows, id_column, name, one) for name, one in columns.items()}


def summarise_embeddings(
    rows: Rows,
    id_column: str | None,
    frames: Mapping[str, VectorFrame],
    columns: Mapping[str, VectorColumn],
) -> dict[str, ColumnSummary]:
    """Summaries of the vectors of `rows` in the frozen frames, by name."""
    return {name: _summary(rows, id_column, frame, columns[name]) for name, frame in frames.items()}


def _fit(rows: Rows, id_column: str | None, name: str, column: VectorColumn) -> VectorFrame:
    share = min(0.5, MAX_FIT_ROWS / rows.n_rows)
    below = int(share * HASHES)
    first, last = span(rows)
    kept: list[Batch] = []
    condition = f"{_hash(rows, id_column)} < {below}"
    lengths = Counter[int]()
    for batch in _batches(rows, id_column, column, condition):
        kept.append(batch)
        lengths.update(batch.lengths.tolist())
    del lengths[0]
    if not lengths:
        return empty_frame(name, column.sample)
    d = max(lengths, key=lambda length: (lengths[length], length))
    parts = [batch.of_length(d) for batch in kept]
    hashes = np.concatenate([part[0] for part in parts])
    vectors = np.concatenate([part[1] for part in parts])
    vectors, hashes = vectors[fit := ~(_infinite(vectors) | _zero(vectors))], hashes[fit]
    if not len(vectors):
        return empty_frame(name, column.sample)
    order = np.argsort(hashes, kind="stable")
    frame = fit_frame(name, vectors[order], column.sample, below)
    return replace(frame, first=first, last=last)


def _summary(
    rows: Rows, id_column: str | None, frame: VectorFrame, column: VectorColumn
) -> ColumnSummary:
    if column.name not in rows.log.columns:
        kind = ColumnKind.EMBEDDING
        return ColumnSummary(frame.name, kind, "absent", rows.n_rows, rows.n_rows)
    counting = Counting(frame)
    for batch in _batches(rows, id_column, column, _counted(rows, id_column, frame)):
        counting.add(batch)
    return counting.summary()


@dataclass(slots=True)
class Counting:
    """Sums up batches; its memory does not grow with the rows."""

    frame: VectorFrame
    n_rows: int = 0
    vectors: Vectors = field(init=False)
    cells: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.vectors = self._of(np.zeros(0, dtype=np.int64), np.zeros((0, self.frame.dimension)))
        self.cells = np.zeros(len(self.frame.centroids), dtype=np.int64)

    def add(self, batch: Batch) -> None:
        """Count the rows of one batch."""
        frame = self.frame
        n_lists = len(batch.hashes)
        self.n_rows += n_lists + batch.n_missing + batch.n_unreadable
        hashes, vectors = batch.hashes[:0], np.zeros((0, frame.dimension))
        if frame.dimension:
            hashes, vectors = batch.of_length(frame.dimension)
        infinite, zero = _infinite(vectors), _zero(vectors)
        usable = ~(infinite | zero)
        found = self._of(hashes[usable], vectors[usable])
        self.vectors += replace(
            found,
            n_missing=batch.n_missing,
            n_malformed=n_lists - len(hashes) + batch.n_unreadable,
            n_infinite=int(infinite.sum()),
            n_zero=int(zero.sum()),
        )

    def _of(self, hashes: NDArray[np.int64], vectors: NDArray[np.float64]) -> Vectors:
        frame = self.frame
        space, projected = frame.measured(vectors)
        if len(vectors):
            self.cells += np.bincount(frame.cell_of(space), minlength=len(frame.centroids))
        projections = []
        for edges, coarse, along in zip(frame.edges, frame.coarse, projected.T, strict=True):
            places = np.searchsorted(edges, along, side="left")
            counts = np.bincount(places, minlength=len(edges) + 1)
            projections.append(Histogram(edges, tuple(counts.tolist()), coarse))
        return Vectors(
            dimension=frame.dimension,
            bandwidth=frame.bandwidth,
            moments=VectorMoments.of(space),
            # seven digits are enough for a test, and take half of the space in the store
            sample=VectorSample.of(hashes, space.astype(np.float32).astype(float), frame.sample),
            projections=tuple(projections),
            n_outlying=int(np.sum(frame.outlyingness(space) > frame.limit)),
        )

    def summary(self) -> ColumnSummary:
        """All that was counted."""
        return ColumnSummary(
            name=self.frame.name,
            kind=ColumnKind.EMBEDDING,
            dtype="vector",
            n_rows=self.n_rows,
            n_missing=self.vectors.n_missing,
            n_mistyped=self.vectors.n_unusable,
            categories=Categories(self.frame.cells, tuple(self.cells.tolist())),
            vectors=self.vectors,
        )


def _infinite(vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
    # a NaN is in no comparison
    return np.asarray(~np.all(np.abs(vectors) <= LARGEST, axis=1))


def _zero(vectors: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(~np.any(vectors, axis=1))


def _hash(rows: Rows, id_column: str | None) -> str:
    """SQL of a whole number from 0 to 2^63, by the id; of a row without one, by all its values."""
    log = rows.log
    whole = f"{row_hash(log)}::VARCHAR"
    if id_column is None or id_column not in log.columns:
        return f"(md5_number_lower({whole}) >> 1)::BIGINT"
    name = category(identifier(id_column), log.columns[id_column])
    return f"(md5_number_lower(coalesce({name}, {whole})) >> 1)::BIGINT"


def _counted(rows: Rows, id_column: str | None, frame: VectorFrame) -> str:
    """SQL condition for the rows that the frame was not fitted on."""
    fitted = f"{_hash(rows, id_column)} < {frame.fitted_below}"
    time = rows.log.time
    if time is None:
        return f"NOT ({fitted})"
    if frame.first is None or frame.last is None:
        return "true"
    first, last = (f"TIMESTAMPTZ '{at.isoformat(sep=' ')}'" for at in (frame.first, frame.last))
    at = time.instant()
    return f"NOT ({fitted} AND coalesce({at} >= {first} AND {at} <= {last}, false))"


def _batches(
    rows: Rows, id_column: str | None, column: VectorColumn, condition: str
) -> Iterator[Batch]:
    """The column's lists; what cannot be read as one is counted."""
    name = column.content or identifier(column.name)
    value = name if column.content else f"TRY_CAST({name} AS {column.type})"
    statement = (
        f"SELECT {_hash(rows, id_column)} AS h, {name} IS NOT NULL AS there, {value} AS v "
        f"FROM ({rows.statement}) WHERE {condition}"
    )
    with readable(rows.log.location):
        relation = rows.log.connection.sql(statement)
        # its name before DuckDB 1.5
        read = "to_arrow_reader" if hasattr(relation, "to_arrow_reader") else "fetch_arrow_reader"
        for batch in getattr(relation, read)(BATCH_IMAGES if column.content else BATCH_ROWS):
            if column.content and column.embedder is not None:
                yield _of_images(batch, column.embedder)
            elif column.embedder is not None:
                yield _embedded(batch, column.embedder)
            else:
                yield _of_file(batch, column.file) if column.file else _of_lists(batch)


def _of_lists(batch: pa.RecordBatch) -> Batch:
    hashes, n_missing, n_unreadable = _there(batch)
    lists = batch.column("v").drop_null()
    numbers = lists.flatten().to_numpy(zero_copy_only=False)  # a NULL in a list is a NaN
    return Batch(
        hashes=hashes,
        lengths=np.diff(lists.offsets.to_numpy()).astype(np.int64),
        numbers=numbers.astype(np.float64),
        n_missing=n_missing,
        n_unreadable=n_unreadable,
    )


def _of_file(batch: pa.RecordBatch, file: RowFile) -> Batch:
    hashes, n_missing, n_unreadable = _there(batch)
    places = batch.column("v").drop_null().to_numpy(zero_copy_only=False).astype(np.int64)
    inside = (places >= 0) & (places < file.n_rows)
    vectors = file.take(places[inside])
    return _of_vectors(hashes[inside], vectors, n_missing, n_unreadable + int(np.sum(~inside)))


def _embedded(batch: pa.RecordBatch, embedder: Embedder) -> Batch:
    width = embedder.width
    if width is None:
        hashes, n_missing, n_unreadable = _there(batch)
        texts = batch.column("v").drop_null().to_numpy(zero_copy_only=False)
        return _of_vectors(hashes, embedder.embed(texts), n_missing, n_unreadable)
    lists = _of_lists(batch)
    hashes, inputs = lists.of_length(width)
    finite = ~_infinite(inputs)
    n_refused = len(lists.hashes) - int(finite.sum())
    vectors = embedder.embed(inputs[finite])
    return _of_vectors(hashes[finite], vectors, lists.n_missing, lists.n_unreadable + n_refused)


def _of_images(batch: pa.RecordBatch, embedder: Embedder) -> Batch:
    """An image that cannot be read has no vector: it is missing, and told as unreadable before."""
    hashes, n_missing, n_unreadable = _there(batch)
    vectors = embedder.embed(batch.column("v").drop_null().to_numpy(zero_copy_only=False))
    broken = np.isnan(vectors).all(axis=1)
    n_missing += int(broken.sum())
    return _of_vectors(hashes[~broken], vectors[~broken], n_missing, n_unreadable)


def _of_vectors(
    hashes: NDArray[np.int64], vectors: NDArray[np.float64], n_missing: int, n_unreadable: int
) -> Batch:
    lengths = np.full(len(vectors), vectors.shape[1], dtype=np.int64)
    return Batch(hashes, lengths, vectors.reshape(-1), n_missing, n_unreadable)


def _there(batch: pa.RecordBatch) -> tuple[NDArray[np.int64], int, int]:
    """Hashes of the rows with a readable value, how many are NULL, and how many unreadable."""
    there = batch.column("there").to_numpy(zero_copy_only=False).astype(bool)
    is_read = batch.column("v").is_valid().to_numpy(zero_copy_only=False)
    hashes = batch.column("h").to_numpy(zero_copy_only=False)[is_read]
    return hashes.astype(np.int64), int(np.sum(~there)), int(np.sum(there & ~is_read))
