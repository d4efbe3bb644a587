"""What a guardrail saw and what it did, in one vocabulary for all products."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitoring_pipelines.logs.llm.records import Call

_ACTIONS = ("blocked", "masked", "none")


class Assessment(NamedTuple):
    """A category that was seen, and the action on it: ``blocked``, ``masked`` or ``none``."""

    category: str
    action: str


def describe_guardrail(call: Call, seen: Iterable[Assessment], told: str | None = None) -> None:
    """Fill in verdict, action, mode and categories.

    The verdict is ``detected`` or ``clear``. The action is the strongest one; `told` is what the
    product itself says of the whole and wins over ``none``. The mode is ``detect`` if something
    was seen and nothing was done: such a guardrail only watches.
    """
    seen = list(seen)
    action = min((one.action for one in seen), key=_ACTIONS.index, default="none")
    action = told if action == "none" and told is not None else action
    detected = bool(seen) or action != "none"
    call.guardrail_verdict = "detected" if detected else "clear"
    call.guardrail_action = action
    if detected:
        call.guardrail_mode = "detect" if action == "none" else "enforce"
    call.guardrail_categories = " ".join(sorted({one.category.lower() for one in seen})) or None
