"""What is watched of the calls of an LLM application, or of the tasks of an agent."""

from pydantic import Field

from monitoring_pipelines.config.section import Section


class Signals(Section):
    """Signals of an LLM application or an agent, and what they must stay below."""

    limits: dict[str, float] = Field(default_factory=dict)
    """Promises by signal, such as `{latency_p95: 8000, cost_total: 50}`: beyond one, and not by
    chance, the window fails, whatever the reference was."""
    tolerances: dict[str, float] = Field(default_factory=dict)
    """Smallest change for the worse that matters, by signal."""
    min_rows: int | None = Field(default=None, ge=2)
    """Below so many rows there is no verdict; by default the signal's own."""
    prompt_versions: bool = True
    """Compare the versions of a prompt that one window has with each other."""
    lower_is_better: tuple[str, ...] = ("hallucination", "toxicity", "Hallucination", "Toxicity")
    """Scores in the log that are better if they are lower, by name; of all others higher is."""
    tools: tuple[str, ...] = ()
    """Tools that an agent may use; a window with a task that used another one fails."""

    @property
    def names(self) -> tuple[str, ...]:
        """Signals that are named."""
        return (*self.limits, *self.tolerances)
