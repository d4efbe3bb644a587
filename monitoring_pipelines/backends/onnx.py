"""Vectors of texts, lists of numbers or pictures, by a model in an ONNX file, with ONNX Runtime."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from monitoring_pipelines.errors import (
    ConfigError,
    SourceChangedError,
    SourceNotFoundError,
    SourceUnreadableError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TEXT = "tensor(string)"
NUMBERS = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}
BYTES = "tensor(uint8)"
AT_ONCE = 256  # inputs; the memory of a large model grows with them
PICTURES_AT_ONCE = 32
MATRIX, PICTURES = 2, 4
CHANNELS = (1, 3)


class PictureInput(NamedTuple):
    """What a model of pictures takes; a side that is None is any.

    `is_first` tells where the channels stand, [n, c, h, w] or [n, h, w, c]; `is_bytes` that the
    model takes levels from 0 to 255 and does the rest itself.
    """

    channels: int
    height: int | None
    width: int | None
    is_first: bool
    is_bytes: bool


@dataclass(slots=True)
class OnnxEmbedder:
    """A model with one input, of texts, `width` numbers each or pictures; a vector comes out first.

    It is opened when it is first used. `location` is what a user wrote, `path` where that is.
    """

    path: Path
    location: str
    _session: Any = field(default=None, init=False)
    _version: str = field(default="", init=False)
    _seen: tuple[int, int] = field(default=(0, 0), init=False)

    @property
    def width(self) -> int | None:
        """Numbers that an input has; None if the model takes texts or pictures."""
        given = self._opened().get_inputs()[0]
        return int(given.shape[1]) if len(given.shape) == MATRIX else None

    @property
    def picture(self) -> PictureInput | None:
        """What its pictures must be; None if it takes none."""
        given = self._opened().get_inputs()[0]
        return _picture(given.type, given.shape)

    @property
    def version(self) -> str:
        """Hash of the file: another model gives other vectors."""
        if not self._version:
            try:
                self._seen = self._status()
                with self.path.open("rb") as file:
                    self._version = hashlib.file_digest(file, "sha256").hexdigest()[:16]
            except OSError:
                raise SourceNotFoundError(self.location) from None
        return self._version

    def embed(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """One vector per input, shape (n, d); of texts, shape (n,), numbers, (n, w), or pictures.

        Raises
        ------
        SourceError
            If there is no such model, or it gives no vectors.
        """
        step = PICTURES_AT_ONCE if inputs.ndim == PICTURES else AT_ONCE
        if inputs.ndim > 1 and self._opened().get_inputs()[0].shape[0] == 1:
            step = 1  # as a model is that was exported without a free first dimension
        parts = [
            self._vectors(inputs[start : start + step]) for start in range(0, len(inputs), step)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 0))

    def check_unchanged(self) -> None:
        """Refuse what was made if the model was replaced meanwhile."""
        if not self._version:
            return
        try:
            same = self._status() == self._seen
        except OSError:
            same = False
        if not same:
            self._session, self._version = None, ""
            raise SourceChangedError(self.location)

    def _status(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_mtime_ns, status.st_size

    def _vectors(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        from onnxruntime.capi.onnxruntime_pybind11_state import (
            Fail,
            InvalidArgument,
            NotImplemented,
            RuntimeException,
        )

        session = self._opened()
        given = session.get_inputs()[0]
        values = inputs.astype(np.uint8 if given.type == BYTES else NUMBERS.get(given.type, object))
        try:
            found = session.run([session.get_outputs()[0].name], {given.name: values})[0]
        except (Fail, InvalidArgument, NotImplemented, RuntimeException) as error:
            detail = f"the model fails on its inputs ({type(error).__name__})."
            raise SourceUnreadableError(self.location, detail) from None
        if found.ndim != MATRIX or len(found) != len(inputs):
            shape = " x ".join(map(str, found.shape))
            detail = f"its first output has the shape {shape} for {len(inputs)} inputs; it must be "
            raise SourceUnreadableError(self.location, f"{detail}one vector for each.")
        return np.asarray(found, dtype=np.float64)

    def _opened(self) -> Any:
        if self._session is None:
            _ = self.version  # of what is opened
            self._session = self._open()
        return self._session

    def _open(self) -> Any:
        library = _library()
        from onnxruntime.capi.onnxruntime_pybind11_state import (
            Fail,
            InvalidGraph,
            InvalidProtobuf,
            NotImplemented,
        )

        try:
            session = library.InferenceSession(self.path, providers=["CPUExecutionProvider"])
        except (Fail, InvalidGraph, InvalidProtobuf, NotImplemented) as error:
            detail = f"ONNX Runtime cannot open it as a model ({type(error).__name__})."
            raise SourceUnreadableError(self.location, detail) from None
        inputs = session.get_inputs()
        kinds = ", ".join(f"{given.type} {given.shape}" for given in inputs)
        if len(inputs) != 1 or not _is_taken(inputs[0]):
            raise SourceUnreadableError(
                self.location,
                f"it takes {kinds}; one input is needed, of texts [n], of numbers [n, width], "
                "or of pictures [n, 3, height, width] or [n, height, width, 3].",
            )
        return session


def _is_taken(given: Any) -> bool:
    if given.type == TEXT:
        return len(given.shape) == 1
    wide = len(given.shape) == MATRIX and isinstance(given.shape[1], int)
    return (given.type in NUMBERS and wide) or _picture(given.type, given.shape) is not None


def _picture(kind: str, shape: list[Any]) -> PictureInput | None:
    if len(shape) != PICTURES or kind not in {*NUMBERS, BYTES}:
        return None
    sides = [side if isinstance(side, int) else None for side in shape]
    if sides[1] in CHANNELS:
        return PictureInput(sides[1], sides[2], sides[3], is_first=True, is_bytes=kind == BYTES)
    if sides[3] in CHANNELS:
        return PictureInput(sides[3], sides[1], sides[2], is_first=False, is_bytes=kind == BYTES)
    return None


def _library() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ConfigError(
            "`embedder` needs ONNX Runtime: pip install 'monitoring-pipelines[onnx]'."
        ) from error
    onnxruntime.disable_telemetry_events()  # there are some on Windows
    return onnxruntime
