"""Pictures in the metadata of Dagster: of an image model, materialized for real."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import dagster as dg
from PIL import Image

from monitoring_pipelines.orchestration.assets import build_assets
from monitoring_pipelines.orchestration.pictures import pictures_of
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.parts import WindowReport
from tests.pipeline.photos import blurred, days, declared, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_image_model_in_dagster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONITORING_DATABASE_URL", raising=False)
    images = write(tmp_path, days([None, None, blurred], per_day=210), "folder")
    config = declared(**images)
    model = Model(config, tmp_path, tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            list(build_assets(model).assets or []),
            partition_key="2026-01-03",
            instance=instance,
            selection=dg.AssetSelection.groups("shapes"),
        )
        assert result.success

        def metadata(part: str) -> dict[str, dg.MetadataValue]:  # type: ignore[type-arg]
            event = instance.get_latest_materialization_event(dg.AssetKey(["shapes", part]))
            assert event is not None
            assert event.asset_materialization is not None
            return dict(event.asset_materialization.metadata)

        drift, performance = metadata("drift"), metadata("performance")
    first = str(drift["verdicts"].value).splitlines()[2]
    assert "image_change" in first
    assert "the images are blurred" in first
    sheet = drift["contact sheet"].value
    with Image.open(str(sheet)) as shown:
        assert shown.format == "JPEG"
    assert str(sheet).startswith(str(tmp_path / ".monitoring"))
    drawn = str(performance["confusion"].value)
    assert drawn.startswith("![confusion](data:image/png;base64,")
    content = base64.b64decode(drawn.split(",", 1)[1].rstrip(")"))
    assert Image.open(io.BytesIO(content)).format == "PNG"
    assert "reliability" not in performance  # it logs no probabilities


def test_a_report_without_pictures() -> None:
    report = WindowReport(None, {})  # type: ignore[arg-type]
    assert pictures_of(report, "drift") == pictures_of(report, "performance") == {}
