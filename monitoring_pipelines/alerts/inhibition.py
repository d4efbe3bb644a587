"""The cause hides its effects: without data, or with broken ones, nothing else is news.

=============================================  ==================================
while this fails                               these wait, if they began no sooner
=============================================  ==================================
no predictions, stale or unreadable log        data contract and performance
schema or type change                          performance
labels lost or unreadable                      performance
=============================================  ==================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.triage import SHAPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.alerts.incident import Incident

_BOTH = frozenset({Cause.DATA_CONTRACT, Cause.PERFORMANCE})
_HIDES: dict[str, frozenset[Cause]] = {
    **dict.fromkeys(SHAPE | {"label_coverage", "labels_readable"}, frozenset({Cause.PERFORMANCE})),
    **dict.fromkeys(("volume", "staleness", "readable"), _BOTH),
}


def inhibited_by(incident: Incident, others: Iterable[Incident]) -> str | None:
    """Id of the open incident of the same model that explains all of `incident`, if one does."""
    for other in others:
        if other.id == incident.id or not other.is_open or other.cause is incident.cause:
            continue
        causes = [
            episode.since.start
            for fingerprint, episode in other.current.items()
            if incident.cause in _HIDES.get(fingerprint.metric, frozenset())
        ]
        began = min((episode.since.start for episode in incident.current.values()), default=None)
        if causes and began is not None and began >= min(causes):
            return other.id
    return None
