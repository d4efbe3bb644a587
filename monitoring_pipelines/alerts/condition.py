"""Does a condition fire? A fold over the outcomes of its windows, oldest first.

======================  ===============================================  ==========
from                    the next judged window                           to
======================  ===============================================  ==========
ok                      breach                                           pending
ok, pending             m breaches in the last n, or a critical breach   firing
pending                 no breach in the last n                          ok
firing                  ok                                               recovering
recovering              breach                                           firing
recovering              `clear` ok windows in a row, not flapping        ok
any                     unknown                                          unchanged
======================  ===============================================  ==========

The fold keeps no counter between runs. A window that was evaluated again counts with its last
evaluation, so a re-run, a backfill in any order and a replay after a crash all give the same answer.
"""  # noqa: E501 - a table cannot be broken

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.severity import Severity, highest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitoring_pipelines.domain.window import Window

FLAP_WINDOWS = 8
FLAP_CHANGES = 4


class Outcome(StrEnum):
    """What a window says about a condition."""

    OK = "ok"
    BREACH = "breach"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Where a condition stands after its newest window."""

    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One judgement of one window; `as_of` says which of several is the last."""

    window: Window
    outcome: Outcome
    severity: Severity
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Fire at `breaches` of the last `of` judged windows; resolve after `clear` ok ones."""

    breaches: int = 2
    of: int = 3
    clear: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One stretch of firing, from the window that fired to the one that cleared it.

    `since` is its first breached window, `last` the newest breached one, `n_breaches` counts the
    breached windows and `n_windows` the judged ones from `since` to `last`.
    """

    since: Window
    fired: Window
    last: Window
    resolved: Window | None
    severity: Severity
    n_breaches: int
    n_windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Result of the fold. `since` is the first breached window of what is not over yet."""

    state: State = State.OK
    since: Window | None = None
    last: Window | None = None
    is_flapping: bool = False
    episodes: tuple[Episode, ...] = ()

    @property
    def severity(self) -> Severity:
        """Severity of the newest episode; `high` if there is none."""
        return self.episodes[-1].severity if self.episodes else Severity.HIGH


def fold(evaluations: Iterable[Evaluation], policy: Policy) -> Condition:
    """Where the condition stands after all `evaluations`, which may come in any order."""
    last: dict[Window, Evaluation] = {}
    for evaluation in evaluations:
        known = last.get(evaluation.window)
        if known is None or _rank(evaluation) > _rank(known):
            last[evaluation.window] = evaluation
    machine = _Machine(policy)
    for window in sorted(last):
        if last[window].outcome is not Outcome.UNKNOWN:
            machine.step(last[window])
    newest = max(last, default=None)
    return replace(machine.condition(), last=newest)


def _rank(evaluation: Evaluation) -> tuple[datetime, str, str]:
    # two evaluations of the same instant must not be told apart by the order they came in
    return evaluation.as_of, evaluation.outcome, evaluation.severity


@dataclass(slots=True)
class _Machine:
    """The state while folding; nobody outside `fold` sees it."""

    policy: Policy
    state: State = State.OK
    recent: list[Evaluation] = field(default_factory=list)
    judged: deque[Outcome] = field(default_factory=lambda: deque(maxlen=FLAP_WINDOWS))
    n_clear: int = 0
    episodes: list[Episode] = field(default_factory=list)

    @property
    def is_flapping(self) -> bool:
        return sum(a is not b for a, b in pairwise(self.judged)) >= FLAP_CHANGES

    @property
    def breaches(self) -> list[Evaluation]:
        return [e for e in self.recent if e.outcome is Outcome.BREACH]

    def step(self, evaluation: Evaluation) -> None:
        self.judged.append(evaluation.outcome)
        if self.state in {State.FIRING, State.RECOVERING}:
            self._go_on(evaluation)
        else:
            self._watch(evaluation)

    def _watch(self, evaluation: Evaluation) -> None:
        self.recent = [*self.recent, evaluation][-self.policy.of :]
        breaches = self.breaches
        enough = len(breaches) >= self.policy.breaches or (
            evaluation.outcome is Outcome.BREACH and evaluation.severity.is_immediate
        )
        if not enough:
            self.state = State.PENDING if breaches else State.OK
            return
        self.state = State.FIRING
        since = breaches[0].window
        self.episodes.append(
            Episode(
                since=since,
                fired=evaluation.window,
                last=evaluation.window,
                resolved=None,
                severity=highest(e.severity for e in breaches),
                n_breaches=len(breaches),
                n_windows=sum(e.window >= since for e in self.recent),
            )
        )
        self.n_clear = 0

    def _go_on(self, evaluation: Evaluation) -> None:
        episode = self.episodes[-1]
        if evaluation.outcome is Outcome.BREACH:
            self.state = State.FIRING
            self.episodes[-1] = replace(
                episode,
                last=evaluation.window,
                severity=highest([episode.severity, evaluation.severity]),
                n_breaches=episode.n_breaches + 1,
                n_windows=episode.n_windows + self.n_clear + 1,
            )
            self.n_clear = 0
            return
        self.n_clear += 1
        self.state = State.RECOVERING
        if self.n_clear >= self.policy.clear and not self.is_flapping:
            self.state = State.OK
            self.episodes[-1] = replace(episode, resolved=evaluation.window)
            # what made this episode fire does not count for the next one
            self.recent = []

    def condition(self) -> Condition:
        since = None
        if self.state in {State.FIRING, State.RECOVERING}:
            since = self.episodes[-1].since
        elif self.state is State.PENDING:
            since = self.breaches[0].window
        return Condition(
            state=self.state,
            since=since,
            is_flapping=self.is_flapping,
            episodes=tuple(self.episodes),
        )
