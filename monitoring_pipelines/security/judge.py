"""All signals on one window: what was found, and which signals cannot look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.signals import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from monitoring_pipelines.security.facts import Facts
    from monitoring_pipelines.security.signal import Found, Signal

OFF = "security.signals: it is switched off"


@dataclass(frozen=True, slots=True)
class Judged:
    """A signal and what it found; nothing while `missing` keeps it from looking."""

    signal: Signal
    found: Sequence[Found] = ()
    missing: str = ""


def judge(facts: Facts, off: Container[str] = ()) -> list[Judged]:
    """Every signal, in the order of their ids."""
    judged = []
    for signal in SIGNALS.values():
        missing = OFF if signal.id in off else signal.missing(facts)
        found = () if missing else tuple(_softened(signal, one) for one in signal.judge(facts))
        judged.append(Judged(signal, found, missing))
    return judged


def _softened(signal: Signal, found: Found) -> Found:
    """A failure of a signal that does not page is a warning."""
    if signal.pages or found.judgement.verdict is not Verdict.FAIL:
        return found
    return replace(found, judgement=Judgement(Verdict.WARN, found.judgement.reason))
