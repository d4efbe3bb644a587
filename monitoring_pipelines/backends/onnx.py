"""Vectors of texts, or of lists of numbers, by a model in an ONNX file, with ONNX Runtime."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
AT_ONCE = 256  # inputs; the memory of a large model grows with them
MATRIX = 2


@dataclass(slots=True)
class OnnxEmbedder:
    """A model with one input, of texts or of `width` numbers each, and a vector as first output.

    It is opened when it is first used. `location` is what a user wrote, `path` where that is.
    """

    path: Path
    location: str
    _session: Any = field(default=None, init=False)
    _version: str = field(default="", init=False)
    _seen: tuple[int, int] = field(default=(0, 0), init=False)

    @property
    def width(self) -> int | None:
        """Numbers that an input has; None if the model takes texts."""
        given = self._opened().get_inputs()[0]
        return None if given.type == TEXT else int(given.shape[1])

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
        """One vector per input, shape (n, d); `inputs` are texts, shape (n,), or numbers, (n, w).

        Raises
        ------
        SourceError
            If there is no such model, or it gives no vectors.
        """
        parts = [
            self._vectors(inputs[start : start + AT_ONCE])
            for start in range(0, len(inputs), AT_ONCE)
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
        values = inputs.astype(NUMBERS.get(given.type, object))
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
                f"it takes {kinds}; one input is needed, of texts [n] or of numbers [n, width].",
            )
        return session


def _is_taken(given: Any) -> bool:
    if given.type == TEXT:
        return len(given.shape) == 1
    wide = len(given.shape) == MATRIX and isinstance(given.shape[1], int)
    return given.type in NUMBERS and wide


def _library() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ConfigError(
            "`embedder` needs ONNX Runtime: pip install 'monitoring-pipelines[onnx]'."
        ) from error
    onnxruntime.disable_telemetry_events()  # there are some on Windows
    return onnxruntime
