"""Make the example log of images, of the handwritten digits that scikit-learn brings.

    python data/build_digits.py

`data/README.md` says what is real in it. Nothing in the product runs this script.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageFilter
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent / "mail_digits"
FIRST = datetime(2026, 3, 2, tzinfo=UTC)
PER_DAY, SIDE = 240, 16
# a scanner for a fortnight: its lens is out of focus on two days, then its lamp gets weak, and at
# last its sensor is noisy; each is mended after that
DAYS = [*["fine"] * 8, "blurred", "blurred", "fine", "dark", "dark", "fine", "noisy", "fine"]


def scan(digit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A digit of 8 by 8 on paper, somewhere in a picture of 16 by 16, black on white."""
    ink = Image.fromarray((digit * 15).astype(np.uint8)).resize((13, 13), Image.Resampling.BICUBIC)
    paper = np.full((SIDE, SIDE), 225.0) + rng.normal(0, 5)
    x, y = rng.integers(0, SIDE - 13 + 1, 2)
    paper[y : y + 13, x : x + 13] -= np.asarray(ink) * rng.uniform(0.75, 0.9)
    return np.clip(paper + rng.normal(0, 2, paper.shape), 0, 255)


def trouble(picture: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    if kind == "blurred":
        image = Image.fromarray(picture.astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.6))
        return np.asarray(image)
    if kind == "dark":
        return picture * 0.55
    return picture + rng.normal(0, 30, picture.shape) if kind == "noisy" else picture


def png(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def main() -> None:
    """Train on half of the digits, and let the other half come by mail."""
    rng = np.random.default_rng(0)
    digits, labels = load_digits(return_X_y=True)
    digits = digits.reshape(-1, 8, 8)
    order = rng.permutation(len(digits))
    train, mail = order[:900], order[900:]
    shown = np.repeat(train, 8)
    scans = np.stack([scan(digits[i], rng) for i in shown]).reshape(len(shown), -1) / 255
    model = make_pipeline(
        StandardScaler(), MLPClassifier((128,), max_iter=40, alpha=1.0, random_state=0)
    )
    model.fit(scans, labels[shown])
    rows = []
    for day, kind in enumerate(DAYS):
        for at in np.sort(rng.uniform(6, 18, PER_DAY)):
            i = rng.choice(mail)
            rows.append((FIRST + timedelta(days=day, hours=float(at)), i, kind))
    images = [trouble(scan(digits[i], rng), kind, rng) for _, i, kind in rows]
    content = [png(picture) for picture in images]
    stored = [np.asarray(Image.open(io.BytesIO(c)), dtype=float).reshape(-1) / 255 for c in content]
    proba = model.predict_proba(np.stack(stored))
    scanned = [at for at, _, _ in rows]
    ids = [f"letter-{place:05}" for place in range(len(rows))]
    HERE.mkdir(exist_ok=True)
    columns = {"letter": ids, "scanned_at": scanned, "image": content}
    columns["digit"] = [str(i) for i in proba.argmax(axis=1)]
    columns |= {f"p{i}": pa.array(proba[:, i], pa.float32()) for i in range(10)}
    pq.write_table(pa.table(columns), HERE / "predictions.parquet", compression="zstd")
    # people look at each letter some days later, at the next sorting
    checked = [at + timedelta(hours=float(rng.uniform(20, 60))) for at in scanned]
    truth = pa.table({"letter": ids, "digit": [str(labels[i]) for _, i, _ in rows]})
    pq.write_table(
        truth.append_column("checked_at", pa.array(checked)),
        HERE / "labels.parquet",
        compression="zstd",
    )


if __name__ == "__main__":
    main()
