"""For how long what was found is kept."""

from datetime import timedelta

from monitoring_pipelines.config.section import Duration, Section
from monitoring_pipelines.errors import ConfigError


class Retention(Section):
    """For how long `mlmon retention` keeps what was found; nothing is deleted by itself."""

    results: Duration | None = None
    """Age of a window from which on its results and summaries go; None keeps them."""
    records: Duration | None = None
    """Age of a window from which on the content of its evidence records goes, too. Article 18 of
    the EU AI Act speaks of ten years."""

    def check(self) -> None:
        """Refuse what cannot be, though each key by itself can."""
        if self.records is None:
            return
        if self.results is None or self.records < self.results:
            raise ConfigError("`records` cannot go before `results`, which they vouch for.")
        if self.records < timedelta(days=1):
            raise ConfigError("`records` have to be kept for a day at least.")
