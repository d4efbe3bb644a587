"""Where the images of a log lie."""

from pydantic import Field

from monitoring_pipelines.config.section import Section


class Images(Section):
    """The image that each row is about: its properties become columns of the log."""

    column: str
    """The column with the bytes of an image file, or with its name."""
    location: str | None = None
    """What names are relative to: a folder, a zip or tar file (also `.tar.gz`), or the URL of a
    folder of an object store. Names outside of it are not read. Not needed for bytes."""
    max_pixels: int = Field(default=50_000_000, ge=1)
    """An image with more is set aside, before it is decoded."""
    max_bytes: int = Field(default=50_000_000, ge=1)
    """A file larger than this is set aside."""
    contact_sheet: bool = True
    """Whether the most usual and the most unusual images of a window are put on a sheet, as a file
    in `.monitoring`; it is sent nowhere."""
