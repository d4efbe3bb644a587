"""Windows of a period as places of a drawing: a long history is folded, its worst windows stay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window

MOST = 400


@dataclass(frozen=True, slots=True)
class Slot:
    """Neighbouring windows that share a place."""

    windows: tuple[Window, ...]

    @property
    def start(self) -> datetime:
        """Start of the first one."""
        return self.windows[0].start

    @property
    def end(self) -> datetime:
        """End of the last one."""
        return self.windows[-1].end


def slots(windows: Sequence[Window], most: int = MOST) -> list[Slot]:
    """Windows, oldest first, in at most `most` places of equally many.

    >>> from datetime import UTC, datetime
    >>> from monitoring_pipelines.domain.window import Cadence, windows_between
    >>> start, end = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 8))
    >>> [len(slot.windows) for slot in slots([*windows_between(start, end, Cadence.DAY, UTC)], 3)]
    [3, 3, 1]
    """
    each = max(1, math.ceil(len(windows) / most))
    return [Slot(tuple(windows[at : at + each])) for at in range(0, len(windows), each)]


def worst_of(slots: Iterable[Slot], results: Mapping[Window, Result]) -> list[Result | None]:
    """Of every slot the result with a value that is judged worst, None if no window has one.

    Of equally bad ones that which is furthest from its reference.
    """
    found = []
    for slot in slots:
        known = [
            one
            for window in slot.windows
            if (one := results.get(window.utc)) is not None and one.value is not None
        ]
        found.append(max(known, key=_badness, default=None))
    return found


def _badness(result: Result) -> tuple[int, float]:
    usual = result.reference_value if result.reference_value is not None else result.value
    return result.verdict.rank, abs((result.value or 0.0) - (usual or 0.0))
