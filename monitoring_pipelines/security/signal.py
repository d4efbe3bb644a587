"""What a signal of security is: what it watches, what it needs for that, and the judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring_pipelines.checks.judgement import Judgement
    from monitoring_pipelines.security.facts import Facts

PREFIXES = ("sec_", "agt_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A judgement with its numbers, of a `column` if it is of one.

    Its sentence says counts, kinds, names of columns and keyed hashes: no value of the data.
    """

    judgement: Judgement
    column: str = ""
    n: int = 0
    value: float | None = None
    reference_value: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A pure judgement of what was gathered of a window.

    `id` is such as ``SEC-08``, or ``AGT-08`` of what agents do; `name` says in two words what is
    watched, `title` in a sentence.
    `missing` names the field without which it is inactive, "" if none is. `is_critical` tells that
    one finding calls people; one that never `pages` warns at most. `tolerance` is the rise of a
    share, or the factor over the usual number, that matters; None if one finding is enough.
    """

    id: str
    name: str
    title: str
    missing: Callable[[Facts], str]
    judge: Callable[[Facts], Sequence[Found]]
    is_critical: bool = False
    pages: bool = True
    tolerance: float | None = None

    @property
    def metric(self) -> str:
        """Name of its rows in the results, such as ``sec_08_personal_data``."""
        return f"{self.id.lower().replace('-', '_')}_{self.name}"


SIGNALS: Registry[Signal] = Registry("signal")


def add(signal: Signal) -> Signal:
    """Register `signal` under its id."""
    SIGNALS.add(signal.id, signal)
    return signal
