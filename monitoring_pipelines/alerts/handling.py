"""What people did about an incident: a fold over its events, oldest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ACKNOWLEDGED, UNACKNOWLEDGED, FEEDBACK = "acknowledged", "unacknowledged", "feedback"
# what makes it another matter than the one that somebody took care of
BREAKS = frozenset({UNACKNOWLEDGED, "severity", "reopened"})


class Feedback(StrEnum):
    """What an incident turned out to be."""

    FIXED = "fixed"
    EXPECTED = "expected"
    FALSE_ALARM = "false_alarm"
    NO_ACTION = "no_action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event of an incident; `actor` is a person, a run or a rule."""

    at: datetime
    type: str
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Who takes care of an incident and until when, and what they called it."""

    acknowledged_by: str | None = None
    acknowledged_until: datetime | None = None
    feedback: Feedback | None = None

    def is_acknowledged(self, at: datetime) -> bool:
        """Whether somebody takes care of it at a moment."""
        return self.acknowledged_until is not None and at < self.acknowledged_until

    def broken(self) -> Handling:
        """The same after an acknowledgement came to nothing."""
        return replace(self, acknowledged_by=None, acknowledged_until=None)


def handling(events: Iterable[Happened]) -> Handling:
    """State after `events`: the last acknowledgement that nothing broke, the last feedback."""
    found = Handling()
    for event in events:
        if event.type == ACKNOWLEDGED:
            until = datetime.fromisoformat(event.payload["until"])
            found = replace(found, acknowledged_by=event.actor, acknowledged_until=until)
        elif event.type in BREAKS:
            found = found.broken()
        elif event.type == FEEDBACK:
            found = replace(found, feedback=Feedback(event.payload["verdict"]))
    return found
