"""Vectors of a log through the whole pipeline: declared, compared, judged, never a page."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError, MissingColumnError, SourceNotFoundError
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.vectors import Vectors
from tests.backends.models.build import HERE as MODELS
from tests.backends.models.build import WORDS
from tests.pipeline.lab import Lab, declared, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

METRICS = {name for name in DRIFT if {Categories, Vectors} & {*DRIFT[name].kinds}}
PER_DAY = 600


def log(n_days: int = 4, d: int = 24) -> tuple[pd.DataFrame, np.ndarray]:
    table = rows(n_days, PER_DAY)
    vectors = np.random.default_rng(7).normal(size=(len(table), d))
    return table, vectors


def lab_of(root: Path, table: pd.DataFrame, vectors: Any, **more: Any) -> Lab:
    table["vector"] = list(vectors)
    lab = Lab(root, declared(embeddings={"text": {"column": "vector", "sample": 300}}, **more))
    lab.write(table, table[["id", "label"]].assign(known=table["at"]))
    return lab


def test_a_shift_warns_under_the_name_of_the_embedding_and_does_not_fail(tmp_path: Path) -> None:
    table, vectors = log()
    vectors[3 * PER_DAY :, :4] += 1.5
    lab = lab_of(tmp_path, table, vectors)
    lab.at_once(lab.day(2), lab.day(3))
    for day, wanted in ((2, {Verdict.OK}), (3, {Verdict.OK, Verdict.WARN})):
        found = [lab.one(lab.day(day), metric, "text") for metric in sorted(METRICS)]
        assert {result.verdict for result in found} == wanted
        assert {result.n for result in found} == {PER_DAY}
    shifted = {m: lab.one(lab.day(3), m, "text") for m in METRICS}
    moved = {name for name, result in shifted.items() if result.verdict is Verdict.WARN}
    assert moved >= {"jensen_shannon", "frechet_distance", "linear_mmd", "two_sample_classifier"}
    # the reference: about half of 1,200 rows, the others fitted the frame
    assert "vector" not in {result.column for result in lab.results()}


def test_what_is_no_vector_breaks_the_contract_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    table, vectors = log()
    values: list[Any] = vectors.tolist()
    for i in range(2 * PER_DAY, 3 * PER_DAY):
        values[i] = values[i][:5] if i % 2 else [0.0] * 24
    for i in range(3 * PER_DAY, 4 * PER_DAY, 2):
        values[i] = None
    lab = lab_of(tmp_path, table, values)
    lab.at_once(lab.day(2), lab.day(3))
    broken = lab.one(lab.day(2), "frechet_distance", "text")
    assert broken.verdict is Verdict.UNKNOWN
    assert broken.reason == (
        "no vector in the analysis period can be compared: "
        "300 are no list of 24 numbers, 300 hold only zeros"
    )
    assert lab.one(lab.day(2), "type_change", "text").verdict is Verdict.FAIL
    assert lab.one(lab.day(2), "jensen_shannon", "amount").verdict is Verdict.OK
    assert lab.one(lab.day(3), "missing_rate", "text").verdict is Verdict.FAIL
    assert lab.one(lab.day(3), "frechet_distance", "text").verdict is Verdict.OK


def test_outlying_vectors_are_a_share_with_an_interval(tmp_path: Path) -> None:
    table, vectors = log()
    vectors[3 * PER_DAY :: 5] *= 6  # every fifth
    lab = lab_of(tmp_path, table, vectors)
    lab.at_once(lab.day(2), lab.day(3))
    assert lab.one(lab.day(2), "outlier_rate", "text").verdict is Verdict.OK
    found = lab.one(lab.day(3), "outlier_rate", "text")
    assert found.verdict is Verdict.WARN
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.2 < found.high


def test_a_moving_reference_merges_its_windows(tmp_path: Path) -> None:
    table, vectors = log(5)
    vectors[4 * PER_DAY :] += 0.8
    more = {"reference": {"rolling": 2}, "start": "2026-01-03"}
    lab = lab_of(tmp_path, table, vectors, **more)
    lab.at_once(lab.day(2), lab.day(3), lab.day(4))
    usual = [lab.one(lab.day(day), "frechet_distance", "text") for day in (2, 3, 4)]
    assert [r.verdict for r in usual] == [Verdict.OK, Verdict.OK, Verdict.WARN]


def test_another_run_reads_what_is_stored(tmp_path: Path) -> None:
    table, vectors = log()
    lab = lab_of(tmp_path, table, vectors)
    lab.at_once(lab.day(2))
    first = lab.one(lab.day(2), "two_sample_classifier", "text").value
    lab.at_once(lab.day(3))  # the frame and the reference come from the store
    lab.at_once(lab.day(2))
    assert lab.one(lab.day(2), "two_sample_classifier", "text").value == first


def test_mistakes_are_said(tmp_path: Path) -> None:
    table, vectors = log()
    table["vector"] = list(vectors)
    lab = Lab(tmp_path, declared(embeddings={"text": {"column": "vektor"}}))
    lab.write(table, table[["id", "label"]].assign(known=table["at"]))
    with pytest.raises(MissingColumnError, match="Did you mean 'vector'"):
        lab.at_once(lab.day(2))
    lab.config = declared(embeddings={"amount": {"column": "vector"}})
    with pytest.raises(ConfigError, match="`embeddings.amount` has the name of a column"):
        lab.at_once(lab.day(2))


def test_a_column_that_is_gone_is_the_schema_s(tmp_path: Path) -> None:
    table, vectors = log()
    lab = lab_of(tmp_path, table, vectors)
    (tmp_path / "log").mkdir()
    early, late = table[: 3 * PER_DAY], table[3 * PER_DAY :].drop(columns="vector")
    early.drop(columns="label").to_parquet(tmp_path / "log.parquet")
    lab.at_once(lab.day(2))
    late.drop(columns="label").to_parquet(tmp_path / "log.parquet")
    lab.at_once(lab.day(3))
    schema = lab.one(lab.day(3), "schema")
    assert (schema.verdict, schema.reason) == (Verdict.FAIL, "1 of 4 columns are gone: 'text'")
    assert lab.one(lab.day(3), "linear_mmd", "text").reason == "the column is not in this window"


def test_vectors_in_a_file_beside_the_log(tmp_path: Path) -> None:
    table, vectors = log()
    vectors[3 * PER_DAY :, :4] += 1.5
    order = np.random.default_rng(3).permutation(len(vectors))
    np.save(tmp_path / "vectors.npy", vectors[order].astype(np.float32))
    table["place"] = np.argsort(order)
    lab = Lab(
        tmp_path, declared(embeddings={"text": {"column": "place", "location": "vectors.npy"}})
    )
    lab.write(table, table[["id", "label"]].assign(known=table["at"]))
    lab.at_once(lab.day(2), lab.day(3))
    verdicts = [lab.one(lab.day(day), "frechet_distance", "text").verdict for day in (2, 3)]
    assert verdicts == [Verdict.OK, Verdict.WARN]
    assert "place" not in {result.column for result in lab.results()}
    (tmp_path / "vectors.npy").unlink()
    with pytest.raises(SourceNotFoundError, match="No file or table at 'vectors.npy'"):
        lab.at_once(lab.day(3))
    assert lab.one(lab.day(3), "readable").verdict is Verdict.FAIL


def test_texts_are_embedded_by_a_model_beside_them(tmp_path: Path) -> None:
    shutil.copy(MODELS / "words.onnx", tmp_path / "words.onnx")
    table = rows(4, PER_DAY)
    rng, words = np.random.default_rng(9), np.array(WORDS)
    usual, late = np.ones(6) / 6, np.array([0.5, 0.3, 0.2, 0.0, 0.0, 0.0])
    shares = [late if i >= 3 * PER_DAY else usual for i in range(len(table))]
    table["message"] = ["so " + " ".join(rng.choice(words, 5, p=p)) for p in shares]
    table.loc[2 * PER_DAY, "message"] = None
    declaration = {"column": "message", "embedder": "words.onnx"}
    lab = Lab(tmp_path, declared(embeddings={"text": declaration}))
    lab.write(table, table[["id", "label"]].assign(known=table["at"]))
    lab.at_once(lab.day(2), lab.day(3))
    verdicts = [lab.one(lab.day(day), "jensen_shannon", "text").verdict for day in (2, 3)]
    assert verdicts == [Verdict.OK, Verdict.WARN]
    assert lab.one(lab.day(2), "missing_rate", "text").value == pytest.approx(1 / PER_DAY)
    # another model: the reference is embedded anew, not compared with the old vectors
    shutil.copy(MODELS / "numbers.onnx", tmp_path / "words.onnx")
    table["message"] = np.random.default_rng(1).normal(size=(len(table), 3)).tolist()
    lab.write(table)
    lab.at_once(lab.day(2))
    assert lab.one(lab.day(2), "frechet_distance", "text").verdict is Verdict.OK


def test_an_array_column_of_postgres(tmp_path: Path, postgres_database: str) -> None:
    table, vectors = log(3, 6)
    with psycopg.connect(postgres_database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE log (id int, at timestamptz, score float8, v float4[])")
        with cursor.copy("COPY log FROM STDIN") as copy:
            for row, vector in zip(table.itertuples(), vectors.tolist(), strict=True):
                copy.write_row((row.id, row.at.to_pydatetime(), row.score, vector))
    predictions = declared().predictions.model_copy(
        update={"location": postgres_database, "table": "log"}
    )
    lab = Lab(
        tmp_path,
        declared(embeddings={"text": {"column": "v"}}, predictions=predictions, labels=None),
    )
    lab.at_once(lab.day(2))
    found = lab.one(lab.day(2), "frechet_distance", "text")
    assert (found.n, found.verdict) == (PER_DAY, Verdict.OK)
    assert lab.one(lab.day(2), "type_change", "text").value == 0
