"""Vectors from every form that a log has them in, counted once and in any order."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_pipelines.backends.duckdb import vectors as module
from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.backends.duckdb.vectors import (
    VectorColumn,
    fit_embeddings,
    summarise_embeddings,
)
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.logs.npy import VectorFile
from tests.backends.duckdb.engine import log_of

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.summaries.column import ColumnSummary

DECLARED = {"text": VectorColumn("v", 200)}
VALUES = np.random.default_rng(1).normal(size=(900, 6))


def rows_of(vectors: Any, dtype: pa.DataType | None = None, ids: Any = None) -> Rows:
    """A log without times, as a reference file is."""
    array = pa.array(vectors, type=dtype)
    ids = range(len(array)) if ids is None else ids
    return select_rows(log_of({"id": ids, "v": array}), None, "id")


def summary(rows: Rows, frames: Any = None) -> ColumnSummary:
    frames = frames or fit_embeddings(rows, "id", DECLARED)
    return summarise_embeddings(rows, "id", frames, DECLARED)["text"]


def test_half_of_the_reference_is_fitted_and_the_other_half_counted() -> None:
    rows = rows_of(VALUES.tolist())
    frames = fit_embeddings(rows, "id", DECLARED)
    found = summary(rows, frames)
    vectors, cells = found.vectors, found.categories
    assert vectors is not None
    assert cells is not None
    assert vectors.n == cells.n == found.n_rows == vectors.projections[0].n
    assert pytest.approx(vectors.n, abs=4 * 15) == 450  # binomial
    assert vectors.sample.n == 200
    # what was counted is not what was fitted: together they are all rows
    frame = frames["text"]
    counted = vectors.moments.mean @ frame.basis * frame.scale + frame.center
    all_rows = (counted * vectors.n + _fitted(rows, frame.fitted_below).sum(axis=0)) / 900
    assert all_rows == pytest.approx(VALUES.mean(axis=0))


def _fitted(rows: Rows, below: int) -> np.ndarray:
    found = rows.log.query(
        f"SELECT v FROM ({rows.statement}) WHERE (md5_number_lower(id::VARCHAR) >> 1) < {below}"
    )
    return np.array([row[0] for row in found])


def test_a_window_is_counted_whole_but_for_rows_that_were_fitted() -> None:
    minutes = [datetime(2026, 1, 1, i // 60, i % 60, tzinfo=UTC) for i in range(900)]
    log = log_of({"id": range(900), "v": VALUES.tolist(), "at": minutes}, time="at")
    reference = _between(select_rows(log, None, "id"), 0, 600)
    frames = fit_embeddings(reference, "id", DECLARED)
    assert summary(_between(reference, 600, 900), frames).vectors.n == 300  # type: ignore[union-attr]
    counted = summary(reference, frames).vectors
    assert counted is not None
    assert pytest.approx(counted.n, abs=4 * 12.3) == 300
    # a window of the reference itself, as a moving one has it: its part of the counted rows
    parts = [summary(_between(reference, a, a + 200), frames).vectors for a in (0, 200, 400)]
    assert sum(part.n for part in parts if part is not None) == counted.n


def _between(rows: Rows, start: int, end: int) -> Rows:
    statement = f"SELECT * FROM {rows.log.view} WHERE id >= {start} AND id < {end}"
    return type(rows)(rows.log, statement, end - start, 0)


@pytest.mark.parametrize(
    "dtype",
    [
        pa.list_(pa.float32()),
        pa.list_(pa.float64(), 6),
        pa.large_list(pa.float64()),
    ],
    ids=str,
)
def test_lists_and_arrays_of_any_float(dtype: pa.DataType) -> None:
    values = VALUES.astype(dtype.value_type.to_pandas_dtype())
    plain = summary(rows_of(values.astype(float).tolist()))
    assert _same(summary(rows_of(list(values), dtype)), plain)


def test_json_and_text(tmp_path: Path) -> None:
    plain = summary(rows_of(VALUES.tolist()))
    lines = [json.dumps({"id": i, "v": v}) for i, v in enumerate(VALUES.tolist())]
    (tmp_path / "log.jsonl").write_text("\n".join(lines))
    table = pd.DataFrame({"id": range(900), "v": [json.dumps(v) for v in VALUES.tolist()]})
    table.to_csv(tmp_path / "log.csv", index=False)
    for name in ("log.jsonl", "log.csv"):
        log = open_files(connect(), "log", find_files(name, tmp_path, None))
        assert _same(summary(select_rows(log, None, "id")), plain), name


def _same(a: ColumnSummary, b: ColumnSummary) -> bool:
    assert a.vectors is not None
    assert b.vectors is not None
    assert a.vectors.sample.hashes.tolist() == b.vectors.sample.hashes.tolist()
    assert a.vectors.moments.scatter == pytest.approx(b.vectors.moments.scatter, rel=1e-9)
    return a.categories == b.categories


def test_the_order_of_rows_and_the_size_of_batches_do_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = summary(rows_of(VALUES.tolist()))
    order = np.random.default_rng(2).permutation(900)
    monkeypatch.setattr(module, "BATCH_ROWS", 7)
    assert _same(summary(rows_of(VALUES[order].tolist(), ids=order.tolist())), plain)


def test_what_is_no_vector_is_counted_by_its_reason() -> None:
    values: list[Any] = VALUES.tolist()
    frames = fit_embeddings(rows_of(values), "id", DECLARED)
    nan, inf = float("nan"), float("inf")
    broken = [None, None, [1.0, 2.0], [], [nan] * 6, [0.0, 1.0, inf, 0, 0, 0], [1e200] * 6]
    broken += [[0.0] * 6, [1.0, None, 2.0, 3.0, 4.0, 5.0]]
    frame = frames["text"]
    at = [datetime(2030, 1, 1, tzinfo=UTC)] * 29  # with times, and none of them fitted
    log = log_of({"id": range(29), "v": [*broken, *values[:20]], "at": at}, time="at")
    found = summary(select_rows(log, None, "id"), {"text": frame})
    assert found.vectors is not None
    assert (found.n_rows, found.n_missing, found.n_mistyped) == (29, 2, 7)
    reasons = (found.vectors.n_malformed, found.vectors.n_infinite, found.vectors.n_zero)
    assert (found.vectors.n, *reasons) == (20, 2, 4, 1)


@pytest.mark.parametrize("values", [[None] * 30, [[]] * 30, [[0.0, 0.0]] * 30, ["no list"] * 30])
def test_a_reference_without_vectors(values: list[Any]) -> None:
    rows = rows_of(values)
    found = summary(rows)
    assert found.vectors is not None
    assert found.vectors.n == 0
    assert found.n_missing + found.n_mistyped == found.n_rows


def test_columns_that_hold_no_lists_at_all_and_one_that_is_gone() -> None:
    frames = fit_embeddings(rows_of(VALUES.tolist()), "id", DECLARED)
    for values in ([1, 2], [True, False], [{"a": 1}, {"a": 2}], [[[1.0]], [[2.0]]]):
        assert summary(rows_of(values), frames).vectors.n == 0  # type: ignore[union-attr]
    found = summary(select_rows(log_of({"id": range(900)}), None, "id"), frames)
    assert (found.dtype, found.n_missing, found.vectors) == ("absent", 900, None)


def test_rows_without_an_id_are_told_by_what_they_hold() -> None:
    rows = rows_of(VALUES.tolist())
    frames = fit_embeddings(rows, None, DECLARED)
    found = summarise_embeddings(rows, None, frames, DECLARED)["text"]
    assert pytest.approx(found.n_rows, abs=4 * 15) == 450


def test_rows_of_a_file_by_their_number(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", VALUES[::-1])
    file = VectorFile(tmp_path / "v.npy", "v.npy")
    declared = {"text": VectorColumn("v", 200, file)}
    rows = rows_of(list(range(899, -1, -1)))
    frames = fit_embeddings(rows, "id", declared)
    found = summarise_embeddings(rows, "id", frames, declared)["text"]
    assert _same(found, summary(rows_of(VALUES.tolist())))
    at = [datetime(2030, 1, 1, tzinfo=UTC)] * 6
    log = log_of({"id": range(6), "v": [0, -1, 900, None, 899, 3], "at": at}, time="at")
    rows = select_rows(log, None, "id")
    found = summarise_embeddings(rows, "id", frames, declared)["text"]
    assert found.vectors is not None
    assert (found.vectors.n, found.n_missing, found.vectors.n_malformed) == (3, 1, 2)
