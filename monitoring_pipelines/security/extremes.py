"""Signals that compare the largest of a window with the largest of earlier windows."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.surge import TIMES, judge_surge
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.signal import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.security.facts import Facts


# roles that no configured column plays
NAMES: dict[tuple[str, ...], str] = {
    ("features",): "three numeric features",
    ("any_feature",): "features",
}


@dataclass(frozen=True, slots=True)
class Extreme:
    """An extreme by its `name`; `what` says of what it is a number, `least` from when it matters.

    One of `roles` in each group has to be played by a column.
    """

    name: str
    what: str
    least: float
    roles: tuple[tuple[str, ...], ...]

    def missing(self, facts: Facts) -> str:
        """The roles that no column plays."""
        absent = [group for group in self.roles if not facts.roles & {*group}]
        return ", ".join(
            NAMES.get(group) or f"security.columns.{' or '.join(group)}" for group in absent
        )

    def judge(self, facts: Facts, signal: str) -> Found:
        """Judge the window's number."""
        now = facts.now.extremes.get(self.name, ()) if facts.now else ()
        usual = facts.usual.extremes.get(self.name, ()) if facts.usual else ()
        n = facts.now.n_rows if facts.now else 0
        if not now:
            nothing = "no row of this window has what it needs"
            return Found(judgement=Judgement(Verdict.UNKNOWN, nothing), n=n)
        value = max(now)
        times = facts.tolerance(signal, TIMES)
        judgement = judge_surge(
            value, usual, alpha=facts.alpha, what=self.what, least=self.least, times=times
        )
        return Found(
            judgement=judgement,
            n=n,
            value=value,
            reference_value=median(usual) if usual else None,
            tolerance=times,
        )


def judged_by(extreme: Extreme, signal: str) -> Callable[[Facts], list[Found]]:
    """The judgement of a signal that rests on one extreme."""

    def judge(facts: Facts) -> list[Found]:
        return [extreme.judge(facts, signal)]

    return judge
