"""Which destinations hear of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.alerts.cause import Cause
    from monitoring_pipelines.alerts.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Destinations of some incidents; what is empty matches everything."""

    to: tuple[str, ...]
    severities: frozenset[Severity] = frozenset()
    causes: frozenset[Cause] = frozenset()
    owners: tuple[str, ...] = ()

    def matches(self, severity: Severity, cause: Cause, owner: str) -> bool:
        """Whether an incident goes this way."""
        return (
            (not self.severities or severity in self.severities)
            and (not self.causes or cause in self.causes)
            and (not self.owners or any(fnmatchcase(owner, pattern) for pattern in self.owners))
        )


def destinations(
    routes: Iterable[Route], severity: Severity, cause: Cause, owner: str, usual: str | None
) -> frozenset[str]:
    """Destinations of all routes that match; if none does, the `usual` one."""
    found = {
        place for route in routes if route.matches(severity, cause, owner) for place in route.to
    }
    return frozenset(found or ({usual} if usual else ()))
