"""Model files as people make them."""

from __future__ import annotations

import io
import pickle
from functools import cache
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.security.artefacts.hostile import (
    MADE,
    array,
    described,
    dtype,
    keras,
    lz4,
    saved,
    tensors,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME = pd.DataFrame(
    {
        "a": [1, 2],
        "b": ["x", None],
        "c": pd.Categorical(["u", "v"]),
        "d": pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True),
        "e": pd.array([1, None], dtype="Int64"),
    }
)


def pipeline() -> Any:
    """A fitted pipeline with columns of numbers and of texts."""
    frame = pd.DataFrame({"n": np.arange(20.0), "t": ["u", "v"] * 10})
    columns = ColumnTransformer([("n", StandardScaler(), ["n"]), ("t", OneHotEncoder(), ["t"])])
    return make_pipeline(columns, LogisticRegression()).fit(frame, [0, 1] * 10)


def trees(cls: Any) -> Any:
    rng = np.random.default_rng(0)
    return cls(random_state=0).fit(rng.normal(size=(60, 3)), [0, 1] * 30)


def dumped(value: Any, compress: Any = 0) -> bytes:
    file = io.BytesIO()
    joblib.dump(value, file, compress=compress)
    return file.getvalue()


def onnx_model() -> bytes:
    opset = b"\x42\x04\x0a\x00\x10\x11"
    return b"\x08\x08\x12\x03skl" + opset + b"\x3a\x02\x12\x00"


BENIGN: dict[str, Callable[[], bytes]] = {
    **{f"pipeline in protocol {n}": (lambda n=n: pickle.dumps(pipeline(), n)) for n in (2, 4, 5)},
    "pipeline of joblib": lambda: dumped(pipeline()),
    **{
        f"forest packed with {how}": (
            lambda how=how: dumped(trees(RandomForestClassifier), (how, 3))
        )
        for how in ("zlib", "gzip", "bz2", "lzma", "xz")
    },
    "packed with LZ4": lambda: lz4(dumped(trees(RandomForestClassifier))),
    "boosted trees": lambda: dumped(trees(HistGradientBoostingClassifier)),
    "numbers and objects of joblib": lambda: dumped(
        {"a": np.arange(9.0), "o": np.array(["x", None], dtype=object), "s": {1, 2}}
    ),
    # before joblib 1.2 numbers began at once, and may spell an operation: a call, a state, a text
    **{
        f"numbers of an old joblib that begin with {first}": (
            lambda first=first: (
                MADE + described(8, dtype("<i8")) + b"b" + np.full(8, ord(first), "<i8").tobytes()
            )
            + b"."
        )
        for first in "RbBVN"
    },
    "records and texts of joblib": lambda: dumped(
        [np.zeros(2, [("a", "O")]), np.array(["é"]), np.zeros(2, "M8[s]"), np.zeros(())]
    ),
    "frame": lambda: pickle.dumps(FRAME),
    "frame of joblib": lambda: dumped(FRAME),
    "array": lambda: array(np.arange(5)),
    "array of texts as objects": lambda: array(np.array(["x", None], dtype=object)),
    "archive of arrays": lambda: saved(a=np.arange(5), b=np.ones((2, 3))),
    "tensors": lambda: tensors(
        {"a": {"data_offsets": [0, 8]}, "__metadata__": {"x": "y"}}, b"\0" * 8
    ),
    "ONNX": onnx_model,
    "Keras": lambda: keras("Dense"),
    "Keras with modules": lambda: keras("GlorotUniform", "keras.initializers"),
    "torch archive": lambda: zipped(
        {
            "archive/data.pkl": b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x00tR.",
            "archive/data/0": b"cos\nsystem\n",  # numbers, whatever they spell
            "archive/version": b"3\n",
        }
    ),
    "JSON of boosted trees": lambda: b'{"learner": {"attributes": {}}, "version": [2, 1, 0]}',
}  # fmt: skip


@cache
def benign(kind: str) -> bytes:
    """Content of an ordinary file, made once."""
    return BENIGN[kind]()
