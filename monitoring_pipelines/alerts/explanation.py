"""Why the performance fell, in one sentence, from the results that explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.domain.cause import Told, part_of, ranked
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.domain.result import Result

MIX, WITHIN, LOCAL, DRIFT = "mix_effect", "within_effect", "local_effect", "drift_effect"
CAUSES = frozenset({MIX, WITHIN, LOCAL})
EXPLAINING = CAUSES | {DRIFT}
# between the names of two features
PAIR = " x "
# a drift that explains less is no explanation
LEAST = 0.2


def explanation(breached: Result, explaining: Sequence[Result]) -> str:
    """The cause that explains most of a fall; else the drift that does; empty if none is known.

    A reason of these results is told, since it holds no value of the data. Values stand in the
    segment, where the configuration names the columns.
    """
    if breached.value is None or breached.reference_value is None:
        return ""
    change = breached.value - breached.reference_value
    here = [r for r in explaining if r.window.utc == breached.window.utc]
    judged = [r for r in here if r.metric in {MIX, LOCAL} and r.as_of == breached.as_of]
    held = [r for r in judged if r.verdict is Verdict.OK]
    if held:
        whole = _told_change(held, here) or change
        return _told(ranked(held, lambda r: _cause(r, whole))[0])
    drift = [r for r in here if r.metric == DRIFT and _is_clear(r)]
    most = max(drift, key=lambda r: _explains(r, change), default=None)
    if most is not None and _explains(most, change) >= LEAST:
        return f"{most.column} moved: {most.reason}"
    return next((r.reason for r in judged if not r.column), "")


def _explains(result: Result, change: float) -> float:
    return 0.0 if result.value is None else part_of(change, result.value)


def _cause(result: Result, change: float) -> Told:
    columns = tuple(result.column.split(PAIR)) if result.column else ()
    return Told(columns, result.metric == LOCAL, _explains(result, change))


def _told_change(held: Sequence[Result], here: Sequence[Result]) -> float:
    """The change that a mix and what is within add up to, maybe of another metric; 0 if untold."""
    for mix in (r for r in held if r.metric == MIX):
        for within in here:
            same = (within.column, within.segment, within.as_of) == (
                mix.column,
                mix.segment,
                mix.as_of,
            )
            if within.metric == WITHIN and same:
                return (mix.value or 0.0) + (within.value or 0.0)
    return 0.0


def _is_clear(result: Result) -> bool:
    """Whether its interval leaves out zero."""
    if result.verdict is not Verdict.OK or result.low is None or result.high is None:
        return False
    return result.low > 0 or result.high < 0


def _told(result: Result) -> str:
    return f"{result.segment}: {result.reason}" if result.segment else result.reason
