"""All that a page is made of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.verdict import Verdict
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.summaries.labelled import LabelledSummary


class Judged(NamedTuple):
    """`n` results of a metric with one verdict in a window (in UTC)."""

    window: Window
    metric: str
    verdict: Verdict
    n: int


class Watched(NamedTuple):
    """A signal, a rule or a box; `says` is what was found, or the field that it misses."""

    signal: str
    active: bool
    verdict: str
    what: str
    says: str


class Approved(NamedTuple):
    """Who lets a version serve, and whether that holds."""

    version: str
    by: str
    at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is known of one model in a period, as of `at`.

    `due` are the windows of the period that have ended, oldest first, in the model's zone; `judged`
    counts what was found in them. `whole` are the results of whole windows that count, of all rows;
    `estimated` the primary metric's estimates, whether they count or not; `newest` all that was
    found in the newest judged window, `settled` in the newest one whose performance was judged on
    labels; `moved` the course of columns that drift, by column;
    `explaining` what a fall comes from. `labelled` is of `labelled_window`, the newest one with
    final labels, and `usual` of the reference. Incidents are rows of the table, the newest first.
    """

    config: ModelConfig
    at: datetime
    due: Sequence[Window]
    judged: Sequence[Judged]
    whole: Sequence[Result]
    newest: Sequence[Result]
    settled: Sequence[Result] = ()
    estimated: Sequence[Result] = ()
    explaining: Sequence[Result] = ()
    moved: Sequence[Result] = ()
    n_moved: Mapping[str, int] = field(default_factory=dict)
    incidents: Sequence[Mapping[str, Any]] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    watched: Sequence[Watched] = ()
    watched_error: str = ""
    labelled: LabelledSummary | None = None
    labelled_window: Window | None = None
    usual: LabelledSummary | None = None
    evidence: str = ""
    approved: Sequence[Approved] = ()
    sheets: str = ""
    release: str = ""
