"""Many images to columns: read, decoded once and measured, on all cores, a few at a time."""

from __future__ import annotations

import os
import warnings
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from monitoring_pipelines.images.broken import BrokenImageError, Reason
from monitoring_pipelines.images.decode import decode
from monitoring_pipelines.images.pixels import Glance, Pixels, alike, glance
from monitoring_pipelines.images.properties import PROPERTIES
from monitoring_pipelines.images.properties.base import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from monitoring_pipelines.images.decode import Picture
    from monitoring_pipelines.images.place import Place

# pictures of one piece of work, and pieces in the queue for each worker
CHUNK, QUEUED = 64, 2
N_THUMBNAIL = 72
# bytes; more than a chunk of pictures needs beside their pixels
KEPT = 8 << 20
# what a file says of its picture, besides what its pixels say
NUMBERS = ("width", "height", "aspect_ratio", "orientation")
TEXTS = ("format", "mode", "camera")


class Item(NamedTuple):
    """An image to be measured: its key, and its content, or its name in a place."""

    key: str
    content: bytes | str | None


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Images: why each is broken (`reasons`, "" if all is well), and columns by their names.

    `thumbnails` has shape (n, 72). A broken image is NaN, None or zero in all others.
    """

    keys: list[str]
    reasons: list[str]
    columns: dict[str, NDArray[Any]]
    thumbnails: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest image that is read, and decoded."""

    max_bytes: int
    max_pixels: int


def measure(items: Iterable[Item], place: Place | None, limits: Limits) -> Measured:
    """Measure all `items`, in their order; at no time are more than a few decoded."""
    parts = list(_spread(items, place, limits)) or [_measured([], place, limits)]
    return Measured(
        [key for part in parts for key in part.keys],
        [reason for part in parts for reason in part.reasons],
        {name: np.concatenate([p.columns[name] for p in parts]) for name in parts[0].columns},
        np.concatenate([part.thumbnails for part in parts]),
    )


def _spread(items: Iterable[Item], place: Place | None, limits: Limits) -> Iterator[Measured]:
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pending: deque[Future[Measured]] = deque()
    rest = iter(items)
    _keep_freed_memory()
    # files may be damaged or huge: that is judged here, and Pillow's warnings say no more
    with warnings.catch_warnings(), ThreadPoolExecutor(workers or 1) as pool:
        warnings.simplefilter("ignore")
        while chunk := list(islice(rest, CHUNK)):
            pending.append(pool.submit(_measured, chunk, place, limits))
            if len(pending) > QUEUED * (workers or 1):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _keep_freed_memory() -> None:
    """Have glibc reuse memory, where a thread that frees it would hand it to the system each time.

    It keeps up to twice the largest block that was ever freed; this one costs no memory itself.
    """
    np.empty(KEPT, np.uint8)


def _measured(chunk: Sequence[Item], place: Place | None, limits: Limits) -> Measured:
    places, told, glances = list[int](), list[tuple[Any, ...]](), list[Glance]()
    reasons = [""] * len(chunk)
    for i, item in enumerate(chunk):
        try:
            picture = decode(content_of(item, place, limits), limits.max_pixels)
        except BrokenImageError as error:
            reasons[i] = error.reason.value
            continue
        places.append(i)
        told.append(_told(picture))
        glances.append(glance(picture.pixels))
    columns = _nothing_told(len(chunk))
    for name, values in zip((*NUMBERS, *TEXTS), zip(*told, strict=True), strict=False):
        columns[f"{PREFIX}{name}"][places] = values
    thumbnails = np.zeros((len(chunk), N_THUMBNAIL), np.uint8)
    for part, pixels in alike(glances):
        at = [places[i] for i in part]
        thumbnails[at] = pixels.thumbnails
        for name, found in properties(pixels).items():
            columns[name][at] = found
    return Measured([item.key for item in chunk], reasons, columns, thumbnails)


def properties(pixels: Pixels) -> dict[str, NDArray[np.float64]]:
    """Every property of the pictures, by the name of its column."""
    return {one.column: one.compute(pixels) for one in PROPERTIES.values()}


def content_of(item: Item, place: Place | None, limits: Limits) -> bytes:
    """The bytes of an image; raises a `BrokenImageError` if there are none, or too many."""
    if not item.content:
        raise BrokenImageError(Reason.NO_NAME)
    if isinstance(item.content, str):
        assert place is not None  # noqa: S101 - names come with a place
        return place.read(item.content, limits.max_bytes)
    if len(item.content) > limits.max_bytes:
        raise BrokenImageError(Reason.TOO_LARGE)
    return item.content


def _told(picture: Picture) -> tuple[Any, ...]:
    """What the file says of the picture, in the order of `NUMBERS` and `TEXTS`."""
    return tuple(getattr(picture, name) for name in (*NUMBERS, *TEXTS))


def column_names() -> tuple[str, ...]:
    """Names of all columns that an image gets."""
    return tuple(_nothing_told(0))


def _nothing_told(n: int) -> dict[str, NDArray[Any]]:
    """Columns of n images of which nothing is known yet."""
    found: dict[str, NDArray[Any]] = {f"{PREFIX}{name}": np.full(n, np.nan) for name in NUMBERS}
    found |= {f"{PREFIX}{name}": np.full(n, None, dtype=object) for name in TEXTS}
    return found | {one.column: np.full(n, np.nan) for one in PROPERTIES.values()}
