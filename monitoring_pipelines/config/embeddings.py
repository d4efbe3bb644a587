"""Where the vectors of a model's inputs or outputs stand."""

from pydantic import Field

from monitoring_pipelines.config.section import Section
from monitoring_pipelines.errors import ConfigError


class Embedding(Section):
    """Vectors of one kind, one per prediction; its name stands for a column in the results."""

    column: str
    """Column of the prediction log that holds a list of numbers (a list or array in Parquet, JSON
    and Postgres; elsewhere a text such as `[0.1, 0.2]`). With a `location`: the number of the
    vector's row in that file, from 0."""
    location: str | None = None
    """A `.npy` file with one vector per row. A relative path is taken from the project folder."""
    embedder: str | None = None
    """An `.onnx` model that makes the vectors (extra `onnx`): of the texts in `column`, or of its
    lists of numbers. A relative path is taken from the project folder."""
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
