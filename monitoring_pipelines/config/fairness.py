"""Which groups of people are compared, and how."""

from itertools import combinations

from pydantic import Field, field_validator

from monitoring_pipelines.config.checks import known
from monitoring_pipelines.config.section import Section
from monitoring_pipelines.config.source import class_text


class Fairness(Section):
    """Groups of people against the rest: who is selected, and for whom the model errs."""

    attributes: tuple[str, ...] = Field(min_length=1)
    """Columns of the log whose values are the groups; they need not be features."""
    intersections: bool = False
    """Also compare the groups of every two attributes together."""
    favourable: str | None = None
    """The decided class that is good for a person; by default the positive one."""
    min_rows: int = Field(default=50, ge=2)
    """A rate of fewer rows, of the group or of the rest, gets no verdict."""
    tolerances: dict[str, float] = Field(default_factory=dict)
    """Ratio below which, or gap beyond which, a difference matters, by metric."""
    fails: bool = False
    """A finding fails, and so pages; by default it warns."""

    _known = field_validator("tolerances")(lambda names: known("FAIRNESS", names))
    _one_text = field_validator("favourable", mode="before")(class_text)

    @property
    def groupings(self) -> tuple[tuple[str, ...], ...]:
        """Columns that groups are made by: each attribute, and pairs of them if wanted."""
        pairs = tuple(combinations(self.attributes, 2)) if self.intersections else ()
        return (*((name,) for name in self.attributes), *pairs)
