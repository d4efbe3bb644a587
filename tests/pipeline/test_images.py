"""Images as columns: wherever they lie, decoded once, broken ones counted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import ConfigError, MissingColumnError, SourceUnreadableError
from monitoring_pipelines.images import measure
from monitoring_pipelines.pipeline.images import REPEATED, UNREADABLE
from monitoring_pipelines.pipeline.reading import Reader
from tests.pipeline.lab import Lab
from tests.pipeline.photos import blurred, days, declared, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    return days([None, None, None, blurred], per_day=210)


def lab_of(root: Path, log: pd.DataFrame, place: str = "bytes", **images: Any) -> Lab:
    return Lab(root, declared(**write(root, log, place), **images))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of what is decoded, in any order."""
    found, real = [], measure.decode

    def counting(content: bytes, max_pixels: int) -> Any:
        found.append(len(content))
        return real(content, max_pixels)

    monkeypatch.setattr(measure, "decode", counting)
    return found


@pytest.mark.parametrize("place", ["bytes", "struct", "folder", "zip", "tar.gz"])
def test_the_place_does_not_matter(tmp_path: Path, log: pd.DataFrame, place: str) -> None:
    lab = lab_of(tmp_path, log, place)
    lab.at_once(lab.day(3))
    found = lab.one(lab.day(3), "image_change")
    assert found.verdict is Verdict.WARN
    assert found.reason.startswith("the images are blurred: sharpness")
    js = lab.one(lab.day(3), "jensen_shannon", "image_sharpness")
    assert (js.verdict, js.n) == (Verdict.WARN, 210)
    assert lab.one(lab.day(3), UNREADABLE).verdict is Verdict.OK
    lab.store.engine.dispose()


def test_every_image_is_decoded_once(tmp_path: Path, log: pd.DataFrame, decoded: list[int]) -> None:
    lab = lab_of(tmp_path, log)
    lab.run(lab.day(2), lab.day(3))  # both steps, bins, reference and causes
    assert len(decoded) == 840
    assert lab.one(lab.day(2), "image_change").verdict is Verdict.OK
    lab.run(lab.day(2), lab.day(3))  # another run
    assert len(decoded) == 840
    lab.store.engine.dispose()


def test_late_and_replaced_images_are_decoded(
    tmp_path: Path, log: pd.DataFrame, decoded: list[int]
) -> None:
    lab = lab_of(tmp_path, log, "folder")
    lab.at_once(lab.day(2))
    assert len(decoded) == 630  # the reference and this day; the other day is not looked at
    changed = tmp_path / "images" / "00500.png"
    changed.write_bytes((tmp_path / "images" / "00700.png").read_bytes())
    lab.at_once(lab.day(2))
    assert len(decoded) == 631
    lab.store.engine.dispose()


def test_broken_images_are_counted_by_reason(tmp_path: Path, log: pd.DataFrame) -> None:
    broken = log.copy()
    here = broken.index[broken["id"].between(420, 629)]
    contents = list(broken["image"])
    for place in here[:20]:
        contents[place] = b"<html>"
    for place in here[20:32]:
        contents[place] = contents[place][:200]
    contents[here[32]] = None
    lab = lab_of(tmp_path, broken.assign(image=contents))
    lab.at_once(lab.day(2))
    found = lab.one(lab.day(2), UNREADABLE)
    assert (found.verdict, found.n) == (Verdict.FAIL, 210)
    assert found.value == pytest.approx(33 / 210)
    assert "33 of 210 images" in found.reason
    assert found.reason.endswith(
        "20 in no known image format, 12 damaged or cut off, 1 without a name or content"
    )
    # told once, and not again by every property
    assert not [r for r in lab.results(metric="missing_rate") if r.column.startswith("image_")]
    assert lab.one(lab.day(2), "jensen_shannon", "image_brightness").n == 177
    lab.store.engine.dispose()


def test_names_outside_of_the_place_are_never_read(tmp_path: Path, log: pd.DataFrame) -> None:
    images = write(tmp_path, log, "folder")
    (tmp_path / "outside.png").write_bytes(log["image"][0])
    named = pd.read_parquet(tmp_path / "log.parquet")
    at = named.index[named["id"] == 500]
    named.loc[at, "image"] = "../outside.png"
    named.to_parquet(tmp_path / "log.parquet")
    lab = Lab(tmp_path, declared(**images))
    lab.at_once(lab.day(2))
    assert lab.one(lab.day(2), UNREADABLE).reason.endswith("1 named outside of `images.location`")
    lab.store.engine.dispose()


def test_pictures_that_come_again_and_again(tmp_path: Path, log: pd.DataFrame) -> None:
    frozen = log.copy()
    here = frozen.index[frozen["id"].between(420, 629)]
    frozen.loc[here[:105], "image"] = frozen["image"][here[0]]
    lab = lab_of(tmp_path, frozen)
    lab.at_once(lab.day(2))
    found = lab.one(lab.day(2), "jensen_shannon", REPEATED)
    assert found.verdict is Verdict.WARN
    lab.store.engine.dispose()


def test_the_same_whatever_the_order_of_rows(tmp_path: Path, log: pd.DataFrame) -> None:
    dumps = []
    for name, rows in (("one", log), ("other", log.sample(frac=1, random_state=1))):
        (tmp_path / name).mkdir()
        lab = lab_of(tmp_path / name, rows)
        lab.run(lab.day(3))
        dumps.append(lab.dump())
        lab.store.engine.dispose()
    assert dumps[0] == dumps[1]


def test_properties_are_chosen_as_features_are(tmp_path: Path, log: pd.DataFrame) -> None:
    images = write(tmp_path, log)
    config = declared(**images).model_dump(mode="json")
    config["features"] = {"include": ["shape"], "exclude": ["image_noise"]}
    config["predictions"]["columns"] = {"id": "id", "timestamp": "at", "prediction": "shape"}
    config["labels"] = None
    lab = Lab(tmp_path, type(declared()).model_validate(config))
    lab.at_once(lab.day(2))
    seen = {result.column for result in lab.results(metric="jensen_shannon")}
    assert "image_brightness" in seen
    assert "image_noise" not in seen
    assert "image" not in seen
    assert "image_broken" not in seen
    lab.store.engine.dispose()


def test_a_cause_may_be_a_property(tmp_path: Path) -> None:
    """Half of the pictures are dark, and those are decided for wrongly."""
    log = days([None, None, None], per_day=600, seed=4)
    rng = np.random.default_rng(0)
    here = log.index[log["id"] >= 1200]
    dark = days([lambda a: (a * 0.3).astype(np.uint8)], per_day=600, seed=9)
    hit = here[rng.uniform(size=len(here)) < 0.4]
    log.loc[hit, "image"] = dark["image"][: len(hit)].to_numpy()
    log.loc[hit, "truth"] = dark["truth"][: len(hit)].to_numpy()
    log.loc[hit, "shape"] = "ring"
    lab = lab_of(tmp_path, log)
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "accuracy").verdict is Verdict.FAIL
    causes = {r.column for r in lab.results() if r.metric in {"local_effect", "mix_effect"}}
    assert any(column.startswith("image_") for column in causes)
    lab.store.engine.dispose()


def test_a_mistake_is_one_sentence(tmp_path: Path, log: pd.DataFrame) -> None:
    write(tmp_path, log, "folder")
    lab = Lab(tmp_path, declared())
    with pytest.raises(ConfigError, match=r"say in `predictions.images.location` what they are"):
        lab.at_once(lab.day(2))
    lab.config = declared(location="imagse")
    with pytest.raises(SourceUnreadableError.__mro__[1], match="imagse"):
        lab.at_once(lab.day(2))
    wrong = declared().model_dump(mode="json")
    wrong["predictions"]["images"]["column"] = "id"
    lab.config = type(declared()).model_validate(wrong)
    with pytest.raises(SourceUnreadableError, match="column 'id' of images has the type BIGINT"):
        lab.at_once(lab.day(2))
    wrong["predictions"]["images"]["column"] = "imag"
    lab.config = type(declared()).model_validate(wrong)
    with pytest.raises(MissingColumnError, match="'imag'"):
        lab.at_once(lab.day(2))
    lab.store.engine.dispose()


def test_a_column_of_that_name_is_told(tmp_path: Path, log: pd.DataFrame) -> None:
    lab = lab_of(tmp_path, log.assign(image_noise=1.0))
    with pytest.raises(ConfigError, match="has a column 'image_noise' already"):
        lab.at_once(lab.day(2))
    lab.store.engine.dispose()


def test_contents_of_some_images(tmp_path: Path, log: pd.DataFrame) -> None:
    """What an embedder or a sheet asks for."""
    lab = lab_of(tmp_path, log, "zip")
    reader = Reader.open(lab.model)
    assert reader.images is not None
    rows = reader.rows(reader.predictions, lab.day(2))
    found = reader.images.contents(rows, ["00500.png", "none.png"])
    assert found == {"00500.png": log["image"][500]}
    reader.close()
    lab.store.engine.dispose()


def test_segments_by_what_the_images_are(tmp_path: Path) -> None:
    """Two cameras, of which one takes pictures that are decided for wrongly on the last day."""
    log = days([None, None, None], per_day=480, seed=3)
    rng = np.random.default_rng(0)
    other = rng.uniform(size=len(log)) < 0.5
    exif = Image.Exif()
    exif[0x010F] = "Lens & Co"  # the maker

    def again(content: bytes, *, by_maker: bool) -> bytes:
        buffer = io.BytesIO()
        more: dict[str, Any] = {"exif": exif} if by_maker else {}
        Image.open(io.BytesIO(content)).save(buffer, "JPEG", quality=90, **more)
        return buffer.getvalue()

    log["image"] = [
        again(one, by_maker=by) for one, by in zip(log["image"], other.tolist(), strict=True)
    ]
    log.loc[other & (log["id"] >= 960), "shape"] = "ring"
    values = declared(**write(tmp_path, log)).model_dump(mode="json")
    values["segments"] = ["image_camera", "image_format"]
    lab = Lab(tmp_path, type(declared()).model_validate(values))
    lab.run(lab.day(2))
    lab.run(lab.day(2))  # another run, on what was kept
    found = {r.segment: r for r in lab.results(metric="accuracy") if r.segment}
    assert {*found} == {"image_camera=Lens & Co", "image_camera=none", "image_format=JPEG"}
    hit, well = found["image_camera=Lens & Co"], found["image_camera=none"]
    expected = (log["shape"] == log["truth"])[other & (log["id"] >= 960)]
    assert (hit.n, hit.value) == (len(expected), pytest.approx(expected.mean()))
    assert hit.verdict in {Verdict.WARN, Verdict.FAIL}, hit.reason
    assert well.verdict is Verdict.OK
    lab.store.engine.dispose()
