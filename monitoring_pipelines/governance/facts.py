"""What is known of a model at the end of one window, for the rules to compare with the card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.verdict import Verdict
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.governance.card import Approval, Limit, Serious, Waiver
    from monitoring_pipelines.summaries.table import TableSummary


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A condition that fires: what it is about, how bad it is, and since when."""

    name: str
    is_critical: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Declared:
    """Thresholds as a card had them from a moment on."""

    at: datetime
    limits: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Named:
    """Values of a column: `n` rows, `missing` without a value, `others` that are not allowed."""

    n: int
    missing: int
    n_others: int
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviews:
    """What people did with `n` decisions: looked at some, changed some, in so many seconds.

    None is not known; `median_s` is of the reviewed ones.
    """

    n: int
    reviewed: int
    compared: int | None = None
    changed: int | None = None
    median_s: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that are there `now`: too old ones, and those of the oldest window that has to be.

    None where the log cannot tell; `oldest_due` None if no window is that old.
    """

    now: datetime
    n_too_old: int | None = None
    oldest_due: Window | None = None
    n_due: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFacts:
    """What the log itself tells, so far as the card asks; a column that is missing is None.

    `personal` counts values by column and kind. `problem` says why the log could not be read.
    """

    problem: str = ""
    kept: Kept | None = None
    named: Mapping[str, Named | None] = field(default_factory=dict)
    reviews: Reviews | None = None
    personal: Mapping[str, Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything but the card. None, or empty, is not known, and never taken for fine.

    `table` is the window's summary. `performance` holds the newest result of each metric that the
    card names. `declared` is the history of the card's thresholds, oldest first. `chain` says what
    breaks the evidence chain, "" if nothing does. `n_unjudged` of the `n_due` windows before this
    one, since the first that was judged, have no result. `verdicts` are those of the rules that
    were judged before, by their ids. `fairness` are the newest results of the metrics that the card
    promises something of. `logging_changed` is what SEC-23 found that was done to logs.
    """

    window: Window
    clock: datetime | None = None
    has_version_column: bool = False
    table: TableSummary | None = None
    volume: Result | None = None
    label_coverage: Result | None = None
    performance: Mapping[str, Result] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    declared: tuple[Declared, ...] = ()
    findings: tuple[OpenFinding, ...] = ()
    last_prediction: datetime | None = None
    n_due: int = 0
    n_unjudged: int = 0
    chain: str | None = None
    logging_changed: tuple[str, ...] = ()
    fairness: tuple[Result, ...] = ()
    serious: tuple[Serious, ...] = ()
    log: LogFacts = field(default_factory=LogFacts)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The moment that is judged: the window's end, so that a backfill finds the same."""
        return self.window.utc.end

    @property
    def now(self) -> datetime:
        """What deadlines are compared with: of the newest window the present, else its end."""
        return self.clock or self.at

    @property
    def versions(self) -> tuple[str, ...]:
        """Versions that served in the window."""
        return tuple(sorted(self.table.versions)) if self.table else ()
