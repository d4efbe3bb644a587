"""Logs in an object store, read in place: S3 through the real s3fs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import s3fs

from monitoring_pipelines.errors import SourceNotFoundError
from tests.fake_s3 import FakeS3
from tests.fake_slack import without_proxy
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = {"id": "id", "timestamp": "at", "prediction_score": "score"}
TRUTH = {"label": "label", "available_at": "known"}


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeS3]:
    without_proxy(monkeypatch)
    with FakeS3(tmp_path / "s3") as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        yield running
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def lab(tmp_path: Path, s3: FakeS3) -> Iterator[Lab]:
    """Predictions in Hive partitions and labels as gzipped CSV, in one bucket."""
    bucket, log = s3.root / "acme-logs", rows()
    for day, part in log.groupby(log["at"].dt.date):
        folder = bucket / "predictions" / f"day={day}"
        folder.mkdir(parents=True)
        part.drop(columns="label").to_parquet(folder / "part-0.parquet")
    labels_of(log, timedelta(hours=1)).to_csv(bucket / "labels.csv.gz", index=False)
    found = Lab(
        tmp_path,
        declared(
            predictions={"location": "s3://acme-logs/predictions", "columns": COLUMNS},
            labels={
                "location": "s3://acme-logs/labels.csv.gz", "columns": TRUTH, "maturity": "5d",
            },
        ),
    )  # fmt: skip
    yield found
    found.store.engine.dispose()


def test_the_numbers_are_those_of_local_files(lab: Lab, s3: FakeS3, tmp_path: Path) -> None:
    lab.run(lab.day(2))
    assert any("part-0.parquet" in request for request in s3.requests)
    (tmp_path / "local").mkdir()
    local = Lab(
        tmp_path / "local",
        declared(
            predictions={"location": f"{s3.root}/acme-logs/predictions", "columns": COLUMNS},
            labels={
                "location": f"{s3.root}/acme-logs/labels.csv.gz", "columns": TRUTH,
                "maturity": "5d",
            },
        ),
    )  # fmt: skip
    local.run(local.day(2))
    place = "config_hash"
    assert [
        {name: getattr(result, name) for name in result.__dataclass_fields__ if name != place}
        for result in lab.results()
    ] == [
        {name: getattr(result, name) for name in result.__dataclass_fields__ if name != place}
        for result in local.results()
    ]
    local.store.engine.dispose()


def test_nothing_there_is_told_with_the_place(lab: Lab) -> None:
    elsewhere = Lab(
        lab.root, declared(predictions={"location": "s3://acme-logs/scores", "columns": COLUMNS})
    )
    with pytest.raises(SourceNotFoundError, match="s3://acme-logs/scores"):
        elsewhere.at_once(elsewhere.day(2))
    elsewhere.store.engine.dispose()
