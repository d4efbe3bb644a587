"""How bad a breach is for people."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """Badness of a breach; `critical` does not wait for a second window."""

    HIGH = "high"
    CRITICAL = "critical"

    @property
    def is_immediate(self) -> bool:
        """Whether one breached window is enough."""
        return self is Severity.CRITICAL


def highest(severities: Iterable[Severity]) -> Severity:
    """The worst of several severities.

    >>> highest([Severity.HIGH, Severity.CRITICAL]).value
    'critical'
    """
    return max(severities, key=lambda severity: severity.is_immediate)
