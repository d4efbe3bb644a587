"""What a property of an image is, and the registry that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from monitoring_pipelines.images.pixels import Pixels

# so that no column of a log is taken for one
PREFIX = "image_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A number of each picture: ``compute(pixels)`` gives shape (n,), NaN where it has no meaning.

    `less` and `more` say in words what a picture with a smaller or greater number is. One that is
    an `effect` moves whenever others do, and is named after them.
    """

    name: str
    bounds: tuple[float, float]
    less: str
    more: str
    compute: Callable[[Pixels], NDArray[np.float64]]
    effect: bool = False

    @property
    def column(self) -> str:
        """Name of its column."""
        return f"{PREFIX}{self.name}"


PROPERTIES = Registry[Property]("image property")
