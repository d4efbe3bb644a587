"""What is said next about an incident, and whether people are called by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.alerts.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from typing import Any

    from monitoring_pipelines.alerts.handling import Handling
    from monitoring_pipelines.alerts.message import AlertMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a destination was told of an incident: the newest message, and the newest call."""

    payload: Mapping[str, Any]
    called_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What else there is to know; `is_held` by a silence or because another incident explains it.

    People are called again `remind` after the last time, unless it is None.
    """

    now: datetime
    handling: Handling
    is_held: bool
    remind: timedelta | None


def next_ops(heard: Heard | None, message: AlertMessage, at: Circumstances) -> tuple[Op, ...]:
    """What a destination that heard so much must be told, so that it knows `message`.

    Nobody is told of trouble that is over and that they never heard of. A closed message is final
    unless the trouble comes back. What is held is told as soon as it is held no more.
    """
    is_open = message.stage.is_open
    if heard is None:
        return (Op.OPEN, Op.EVIDENCE) if is_open and not at.is_held else ()
    was_open = Stage(heard.payload["stage"]).is_open
    if not is_open:
        return (Op.RESOLVE, Op.NOTE) if was_open else ()
    if not was_open:
        return () if at.is_held else (Op.UPDATE, Op.REOPEN)
    edit = (Op.UPDATE,) if news(heard.payload) != news(message.to_json()) else ()
    if at.is_held:
        return edit
    was = Severity(heard.payload["severity"])
    if message.severity is Severity.CRITICAL and was is not Severity.CRITICAL:
        return (Op.UPDATE, Op.ESCALATE)
    return (*edit, Op.REMIND) if _is_due(heard, at) else edit


def _is_due(heard: Heard, at: Circumstances) -> bool:
    if at.remind is None or at.handling.is_acknowledged(at.now):
        return False
    until = at.handling.acknowledged_until
    if until is not None and heard.called_at < until <= at.now:
        return True  # somebody took care of it, and it is still there
    return at.now - heard.called_at >= at.remind


def news(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a reader would call news: a window that was run again has only other links."""
    silent = {"links", "small", "mentions", "has_buttons"}
    return {name: value for name, value in payload.items() if name not in silent}
