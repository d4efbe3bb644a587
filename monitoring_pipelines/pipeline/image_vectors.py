"""Vectors of images: read and decoded as for their properties, then given to a model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.images.broken import BrokenImageError
from monitoring_pipelines.images.decode import decode
from monitoring_pipelines.images.model_input import Layout, model_input

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from monitoring_pipelines.backends.onnx import OnnxEmbedder, PictureInput
    from monitoring_pipelines.config.embeddings import PictureScale
    from monitoring_pipelines.pipeline.images import ImageReader

# decoded at a time, and then given to the model
AT_ONCE = 64


def layout_of(given: PictureInput, scale: PictureScale, location: str) -> Layout:
    """What the model takes, by its own input and by the configuration.

    Raises
    ------
    ConfigError
        If neither tells the size, or the numbers do not fit the channels.
    """
    height, width = given.height or scale.size, given.width or scale.size
    if height is None or width is None:
        raise ConfigError(
            f"'{location}' takes pictures of any size: say one in `embeddings.….pictures.size`."
        )
    for name, values in (("mean", scale.mean), ("std", scale.std)):
        if len(values) not in {1, given.channels}:
            raise ConfigError(
                f"`embeddings.….pictures.{name}` has {len(values)} numbers, but '{location}' takes "
                f"pictures of {given.channels} channel."
            )
    return Layout(
        given.channels, height, width, given.is_first, given.is_bytes, scale.mean, scale.std
    )


@dataclass(frozen=True, slots=True)
class ImageEmbedder:
    """A model of pictures as one of contents or names of images; of a broken one it is all NaN."""

    model: OnnxEmbedder
    layout: Layout
    images: ImageReader

    @property
    def width(self) -> None:
        """None: an input is one value."""
        return

    @property
    def version(self) -> str:
        """Of the model; what is in the configuration has a hash of its own."""
        return self.model.version

    def embed(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        """Vectors, shape (n, d), of the bytes of images or their names, shape (n,)."""
        fine, vectors = list[bool](), [np.zeros((0, 1))]
        with ThreadPoolExecutor() as pool:
            for start in range(0, len(inputs), AT_ONCE):
                arrays = list(pool.map(self._array, inputs[start : start + AT_ONCE]))
                fine += [array is not None for array in arrays]
                if whole := [array for array in arrays if array is not None]:
                    vectors.append(self.model.embed(np.stack(whole)))
        found = np.full((len(inputs), vectors[-1].shape[1]), np.nan)
        found[fine] = np.concatenate(vectors[1:] or vectors)
        return found

    def _array(self, content: bytes | str) -> NDArray[Any] | None:
        try:
            picture = decode(self.images.content(content), self.images.source.max_pixels)
        except BrokenImageError:
            return None
        return model_input(picture.pixels, self.layout)

    def check_unchanged(self) -> None:
        """Refuse what was made if the model was replaced meanwhile."""
        self.model.check_unchanged()
