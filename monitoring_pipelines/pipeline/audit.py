"""The audit log that `security.audit` names: read once, and counted window by window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.audit import Identity, entries
from monitoring_pipelines.backends.duckdb.llm_window import Read
from monitoring_pipelines.errors import SourceError
from monitoring_pipelines.logs.files import find_files
from monitoring_pipelines.pipeline.environment import hash_key, home_of
from monitoring_pipelines.pipeline.llm_cache import LlmCache
from monitoring_pipelines.security.controls import control
from monitoring_pipelines.security.facts import AUDITED, USED, occurrence_key
from monitoring_pipelines.summaries.occurrences import Occurrences

if TYPE_CHECKING:
    import duckdb

    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.model import Model


@dataclass(slots=True)
class AuditLog:
    """Entries of audit logs below one place. `problem` says why they cannot be read, or is ""."""

    model: Model
    connection: duckdb.DuckDBPyConnection
    problem: str = field(default="", init=False)
    _reads: list[Read] | None = field(default=None, init=False)

    def of(self, window: Window) -> tuple[dict[str, Occurrences], float] | None:
        """Changes of controls by kind, uses of agents' identities, and readings of keys.

        None if nothing tells of `window`.
        """
        if self._reads is None:
            self._reads = self._read()
        if not self._reads:
            return None
        found = entries(self.connection, self._reads, window, self._agents())
        if found is None:
            return None
        counts = Counter[str]()
        for (kind, scopes), n in found.counts.items():
            if what := control(kind, scopes):
                counts[what] += n
        told = {
            AUDITED: Occurrences(found.n, dict(sorted(counts.items()))),
            USED: Occurrences(found.used, {"foreign": found.foreign}),
        }
        return {occurrence_key(name, ""): one for name, one in told.items()}, float(
            found.keys_listed
        )

    def _agents(self) -> list[Identity]:
        source = self.model.config.security.audit
        hashes = hash_key(home_of(self.model.root))

        def hashed(text: str) -> str:
            return str(hashes.personal(text))

        return [
            Identity(hashed(name), tuple(map(hashed, runtime.addresses)), runtime.user_agents)
            for name, runtime in (source.agents if source else {}).items()
        ]

    def _read(self) -> list[Read]:
        source = self.model.config.security.audit
        if source is None:
            return []
        home = home_of(self.model.root)
        try:
            files = find_files(source.location, self.model.root, "llm")
            cache = LlmCache(home / "llm", hash_key(home))
            return [Read(one.folder, tuple(one.files)) for one in cache.readings(files)]
        except SourceError as error:
            # of the predictions' log another asset tells; of this one nobody else does
            self.problem = f"the audit log cannot be read: {error}"
            return []
