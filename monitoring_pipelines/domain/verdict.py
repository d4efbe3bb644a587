"""What a check says: ok, warn, fail, or unknown, which is never ok."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(StrEnum):
    """Judgement of one number."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Badness: ok < unknown < warn < fail."""
        return ("ok", "unknown", "warn", "fail").index(self.value)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; of none it is `unknown`, since nothing was judged.

    >>> worst([Verdict.OK, Verdict.UNKNOWN]).value
    'unknown'
    """
    return max(verdicts, key=lambda v: v.rank, default=Verdict.UNKNOWN)
