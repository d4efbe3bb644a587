"""Signals that nothing gathers the facts of yet; they are listed, and never fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring_pipelines.security.facts import Facts

NOT_YET = {
    "SEC-10": ("raw_trace", "What a guardrail masked is not in its trace.", "traces of guardrails"),
    "SEC-23": ("controls", "No control was weakened.", "an audit log"),
}


def _missing(what: str) -> Callable[[Facts], str]:
    return lambda _: f"{what}: not gathered yet"


def _nothing(facts: Facts) -> Sequence[Found]:
    del facts
    return ()


SIGNALS = tuple(
    add(
        Signal(
            id=id_,
            name=name,
            title=title,
            missing=_missing(what),
            judge=_nothing,
            is_critical=id_ == "SEC-23",
        )
    )
    for id_, (name, title, what) in NOT_YET.items()
)
