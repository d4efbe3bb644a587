"""Where the vectors of a model's inputs or outputs stand."""

from pydantic import Field

from monitoring_pipelines.config.section import Section
from monitoring_pipelines.errors import ConfigError


class PictureScale(Section):
    """How pictures are made what a model takes: resized, from 0 to 1, and shifted by channel."""

    size: int | None = Field(default=None, ge=1, le=2048)
    """Side in pixels, if the model's own input leaves it open; otherwise the model's counts."""
    mean: tuple[float, ...] = (0.0,)
    """Is taken from each channel, such as [0.485, 0.456, 0.406]; one number is for all of them."""
    std: tuple[float, ...] = (1.0,)
    """Each channel is divided by it, such as [0.229, 0.224, 0.225]."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        for name, values in (("mean", self.mean), ("std", self.std)):
            if len(values) not in {1, 3}:
                raise ConfigError(f"`{name}` has one number, or three: of red, green and blue.")
        if min(self.std) <= 0:
            raise ConfigError("`std` must be above 0.")


class Embedding(Section):
    """Vectors of one kind, one per prediction; its name stands for a column in the results."""

    column: str
    """Column of the prediction log that holds a list of numbers (a list or array in Parquet, JSON
    and Postgres; elsewhere a text such as `[0.1, 0.2]`). With a `location`: the number of the
    vector's row in that file, from 0."""
    location: str | None = None
    """A `.npy` file with one vector per row. A relative path is taken from the project folder."""
    embedder: str | None = None
    """An `.onnx` model that makes the vectors (extra `onnx`): of the texts in `column`, of its
    lists of numbers, or of its images. A relative path is taken from the project folder."""
    pictures: PictureScale = Field(default_factory=PictureScale)
    """How images are made what an `embedder` of images takes."""
    sample: int = Field(default=1000, ge=200, le=10_000)
    """Rows of a window that are kept, drawn by hash of the id, for the tests that need rows."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        for place, ending in ((self.location, ".npy"), (self.embedder, ".onnx")):
            if place is None or "{{" in place:
                continue  # judged once the environment has been filled in
            if "://" in place or not place.endswith(ending):
                raise ConfigError(f"'{place}' is no {ending} file on this machine.")
        if self.location and self.embedder:
            raise ConfigError("Either `location` or `embedder`: a file has its vectors already.")
