"""Where the vectors of a model's inputs or outputs stand."""

from pydantic import Field, field_validator

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
    sample: int = Field(default=1000, ge=200, le=10_000)
    """Rows of a window that are kept, drawn by hash of the id, for the tests that need rows."""

    @field_validator("location")
    @classmethod
    def _local_array(cls, location: str | None) -> str | None:
        known = location is not None and "{{" not in location  # else judged once it is filled in
        if known and ("://" in str(location) or not str(location).endswith(".npy")):
            raise ConfigError(f"'{location}' is no .npy file on this machine.")
        return location
