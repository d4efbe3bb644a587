"""Summaries that a run has made or read, and what of them is stored for other runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.store.summaries import SummaryKey, get_segments, put
from monitoring_pipelines.summaries.labelled import LabelledSummary
from monitoring_pipelines.summaries.leaves import LeafLosses
from monitoring_pipelines.summaries.partition import Partitions
from monitoring_pipelines.summaries.table import TableSummary

if TYPE_CHECKING:
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.reading import Reader
    from monitoring_pipelines.store.database import Store
    from monitoring_pipelines.summaries.binning import Binning
    from monitoring_pipelines.summaries.codec import Summary

# changes with what a labelled summary holds, so that one of an older release is not taken for it
LABELLED = "with ages and ranks"
# kind of a summary that only one run may use, since its labels still come
NOT_STORED = "labelled so far"
OF_A_WINDOW = frozenset({"table", "labelled", "partitions", "losses", "versions"})

Summaries = dict[str, "Summary"]


@dataclass(slots=True)
class Kept:
    """Summaries of one model by what they are of; each has one part per segment, "" for all rows.

    What is put is stored by `keep`, once it is known that no file changed under it.
    """

    reader: Reader
    store: Store
    _known: dict[SummaryKey, Summaries] = field(default_factory=dict, init=False)
    _new: set[SummaryKey] = field(default_factory=set, init=False)

    def key(
        self, kind: str, window: Window, binning: Binning | None = None, split: str = ""
    ) -> SummaryKey:
        """Key of a summary that depends on the bins and on the text `split`."""
        text = self.reader.model.config.summary_fingerprint + split + self.reader.vectors.versions
        text += binning.fingerprint if binning else self._given_version()
        text += LABELLED if kind.endswith("labelled") else ""
        return SummaryKey(
            model=self.reader.model.name,
            kind=kind,
            window=window.utc,
            fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
        )

    def get(self, key: SummaryKey) -> Summary | None:
        """The part of all rows; None if it has to be made."""
        return self._all(key).get("")

    def get_labelled(self, key: SummaryKey) -> dict[str, LabelledSummary]:
        """Labelled parts; none if they have to be made."""
        found = self._all(key).items()
        return {name: part for name, part in found if isinstance(part, LabelledSummary)}

    def put(self, key: SummaryKey, summaries: Summaries) -> None:
        """Remember what was made."""
        self._known[key] = summaries
        self._new.add(key)

    def keep(self) -> None:
        """Store what was put since the last time."""
        kept = [key for key in self._new if key.kind != NOT_STORED]
        if kept:
            with self.store.write() as connection:
                for key in kept:
                    for segment, summary in self._known[key].items():
                        put(connection, replace(key, segment=segment), summary, _n_rows(summary))
        self._new.clear()
        for key in kept:  # the memory of a long backfill stays bounded
            if key.kind in OF_A_WINDOW and any(map(_n_rows, self._known[key].values())):
                del self._known[key]

    def forget(self) -> None:
        """Drop what was put since the last time."""
        for key in self._new:
            del self._known[key]
        self._new.clear()

    def _all(self, key: SummaryKey) -> Summaries:
        if key in self._known or key.kind == NOT_STORED:
            return self._known.get(key, {})
        with self.store.read() as connection:
            kept = get_segments(connection, key)
        if key.kind in OF_A_WINDOW:
            # an empty window is looked at again by another run: its rows may have come late
            return kept if any(map(_n_rows, kept.values())) else {}
        if kept:
            self._known[key] = kept
        return kept

    def _given_version(self) -> str:
        """Another file at the same place is another reference."""
        return self.reader.reference.version if self.reader.reference is not None else ""


def _n_rows(summary: Summary) -> int:
    counted = TableSummary | LabelledSummary | LeafLosses | Partitions
    return summary.n_rows if isinstance(summary, counted) else 0
