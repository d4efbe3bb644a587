"""What people do not want to hear of for a while."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.alerts.triage import Fingerprint

MATCHERS = ("model", "cause", "segment", "metric", "column")


class SilenceKind(StrEnum):
    """Why nobody is to be called."""

    MANUAL = "manual"
    MAINTENANCE = "maintenance"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """From `starts_at` until before `ends_at`, what all `matchers` match is not announced.

    A matcher is a pattern as of a shell for one of `MATCHERS`; what is left out matches all.
    """

    id: str
    kind: SilenceKind
    matchers: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    reason: str

    def covers(self, fingerprint: Fingerprint, at: datetime) -> bool:
        """Whether a condition is silenced at a moment."""
        return self.starts_at <= at < self.ends_at and all(
            fnmatchcase(str(getattr(fingerprint, name)), pattern)
            for name, pattern in self.matchers.items()
        )


def silenced_until(
    silences: Iterable[Silence], fingerprints: Iterable[Fingerprint], at: datetime
) -> datetime | None:
    """Until when all of `fingerprints` are silenced without a break; None if one is not at `at`."""
    known = list(silences)
    ends = [_end(known, fingerprint, at) for fingerprint in fingerprints]
    first = min(ends, default=at)
    return first if first > at else None


def _end(silences: Sequence[Silence], fingerprint: Fingerprint, at: datetime) -> datetime:
    """End of the unbroken time from `at` on; `at` itself if there is none."""
    while covering := [s.ends_at for s in silences if s.covers(fingerprint, at)]:
        at = max(covering)
    return at
