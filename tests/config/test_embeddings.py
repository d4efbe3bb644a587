from __future__ import annotations

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.embeddings import Embedding
from tests.pipeline.lab import declared


def test_a_column_is_enough() -> None:
    config = declared(embeddings={"text": {"column": "vector"}})
    assert config.embeddings["text"] == Embedding(column="vector")
    assert config.embeddings["text"].sample == 1_000


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValidationError, match="Did you mean 'column'"):
        declared(embeddings={"text": {"colum": "vector"}})
    with pytest.raises(ValidationError, match="greater than or equal to 200"):
        declared(embeddings={"text": {"column": "vector", "sample": 10}})
    for location in ("s3://bucket/v.npy", "vectors.parquet"):
        with pytest.raises(ValidationError, match="is no .npy file on this machine"):
            declared(embeddings={"text": {"column": "place", "location": location}})
    with pytest.raises(ValidationError, match="is no .onnx file on this machine"):
        declared(embeddings={"text": {"column": "message", "embedder": "model.pt"}})
    both = {"location": "v.npy", "embedder": "model.onnx"}
    with pytest.raises(ValidationError, match="Either `location` or `embedder`"):
        declared(embeddings={"text": {"column": "message", **both}})
    # what the environment fills in is judged later
    declared(embeddings={"text": {"column": "place", "location": "{{ env.VECTORS }}"}})


def test_a_model_without_any_keeps_its_hashes() -> None:
    plain, with_one = declared(), declared(embeddings={"text": {"column": "vector"}})
    assert "embeddings" not in plain.model_dump_json(exclude={"embeddings": True})
    assert plain.fingerprint != with_one.fingerprint
    assert plain.summary_fingerprint != with_one.summary_fingerprint
