"""A project whose predictions are of images, in each of the places that they may lie in."""

from __future__ import annotations

import io
import tarfile
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from PIL import Image, ImageFilter

from monitoring_pipelines.config.model import ModelConfig
from tests.images.pictures import file
from tests.pipeline.lab import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Change = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]

SHAPES = ("bar", "disc", "ring")


def declared(**images: Any) -> ModelConfig:
    """A classifier of shapes with two reference days and daily windows from the third day."""
    return ModelConfig.model_validate(
        {
            "name": "shapes",
            "task": "vision_classification",
            "predictions": {
                "location": "log.parquet",
                "columns": {"id": "id", "timestamp": "at", "prediction": "shape"},
                "images": {"column": "image", **images},
            },
            "labels": {"location": "labels.parquet", "columns": {"label": "truth"}},
            "reference": {"start": "2026-01-01", "end": "2026-01-03"},
        }
    )


def picture(shape: str, rng: np.random.Generator, side: int = 32) -> NDArray[np.uint8]:
    """A coloured shape somewhere on a ground, with a little noise."""
    y, x = np.mgrid[:side, :side] - side / 2 + rng.uniform(-4, 4, (2, 1, 1))
    away = np.hypot(x, y)
    inside = {"bar": np.abs(x) < 3, "disc": away < 9, "ring": np.abs(away - 9) < 2}[shape]
    ground, colour = rng.uniform(40, 90, 3), rng.uniform(150, 230, 3)
    found = np.where(inside[..., None], colour, ground) + rng.normal(0, 3, (side, side, 3))
    return np.clip(found, 0, 255).astype(np.uint8)


def blurred(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(array).filter(ImageFilter.GaussianBlur(2)))


def darker(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return (array * 0.4).astype(np.uint8)


def days(changes: Sequence[Change | None], per_day: int = 250, seed: int = 0) -> pd.DataFrame:
    """A log of bytes with so many images on each day, changed as told; most decisions are right."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for day, change in enumerate(changes):
        for place in range(per_day):
            truth = SHAPES[place % 3]
            array = picture(truth, rng)
            at = FIRST + timedelta(days=day, seconds=int(rng.integers(86_400)))
            wrong = rng.uniform() < 0.1
            rows.append(
                {
                    "id": len(rows),
                    "at": at,
                    "image": file(change(array) if change else array),
                    "shape": str(rng.choice(SHAPES)) if wrong else truth,
                    "truth": truth,
                }
            )
    log = pd.DataFrame(rows)
    log["at"] = pd.to_datetime(log["at"], utc=True).astype("datetime64[us, UTC]")
    return log


def write(root: Path, log: pd.DataFrame, place: str = "bytes") -> dict[str, Any]:
    """Put the log and its images; gives what `images` needs besides the column."""
    log[["id", "truth"]].to_parquet(root / "labels.parquet")
    log = log.drop(columns="truth")
    names = [f"{name:05}.png" for name in log["id"]]
    named = log.assign(image=names)
    if place == "folder":
        (root / "images").mkdir(exist_ok=True)
        for name, content in zip(names, log["image"], strict=True):
            (root / "images" / name).write_bytes(content)
    elif place == "zip":
        with zipfile.ZipFile(root / "images.zip", "w") as archive:
            for name, content in zip(names, log["image"], strict=True):
                archive.writestr(name, content)
    elif place == "tar.gz":
        with tarfile.open(root / "images.tar.gz", "w:gz", compresslevel=1) as packed:
            for name, content in zip(names, log["image"], strict=True):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                packed.addfile(member, io.BytesIO(content))
    elif place == "struct":
        pairs = zip(names, log["image"], strict=True)
        named = log.assign(image=[{"bytes": content, "path": name} for name, content in pairs])
    (log if place == "bytes" else named).to_parquet(root / "log.parquet")
    places = {"folder": "images", "zip": "images.zip", "tar.gz": "images.tar.gz"}
    return {"location": places[place]} if place in places else {}
