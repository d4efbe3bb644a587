"""Why an image could not be read: a fixed list, since a decoder's own words may quote a file."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with an image, in words for a sentence."""

    NO_NAME = "without a name or content"
    OUTSIDE = "named outside of `images.location`"
    NOT_FOUND = "not found"
    UNREADABLE = "not readable where they lie"
    TOO_LARGE = "larger than `images.max_bytes`"
    TOO_MANY_PIXELS = "with more pixels than `images.max_pixels`"
    NO_IMAGE = "in no known image format"
    DAMAGED = "damaged or cut off"
    PIXEL_TYPE = "of a pixel type that is not 8 or 16 bits"


class BrokenImageError(Exception):
    """One image cannot be read; it is set aside and counted by its `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
