"""Where the vectors of a model's inputs or outputs stand."""

from pydantic import Field

from monitoring_pipelines.config.section import Section


class Embedding(Section):
    """Vectors of one kind, one per prediction; its name stands for a column in the results."""

    column: str
    """Column of the prediction log that holds a list of numbers (a list or array in Parquet, JSON
    and Postgres; elsewhere a text such as `[0.1, 0.2]`)."""
    sample: int = Field(default=1000, ge=200, le=10_000)
    """Rows of a window that are kept, drawn by hash of the id, for the tests that need rows."""
