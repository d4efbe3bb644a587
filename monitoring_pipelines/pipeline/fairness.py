"""Groups of people against the rest: selection rates at once, error rates as labels come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.checks.fairness import judge_fairness
from monitoring_pipelines.checks.judgement import Estimate, Judgement
from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import FAIRNESS
from monitoring_pipelines.metrics.base import FairnessMetric, Part
from monitoring_pipelines.metrics.labelled_parts import Cells, confusion
from monitoring_pipelines.pipeline.judging import main_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.labelled import LabelledSummary
    from monitoring_pipelines.summaries.table import TableSummary

SELECTION = frozenset(metric.name for metric in FAIRNESS.values() if not metric.needs_labels)
ERRORS = frozenset(FAIRNESS) - SELECTION
# probability of any false finding among the groups of one attribute, at most
FAMILY_ALPHA = 0.05

Labelled = dict[str, "LabelledSummary"]
Parts = dict[str, Part]


class _Family(NamedTuple):
    """Groups of one attribute, or of two together, by one metric."""

    metric: FairnessMetric
    attribute: str
    now: Parts
    usual: Parts


def group_key(columns: Sequence[str], group: str) -> str:
    """Name of a group's labelled summary, which no segment has."""
    return f"[{' & '.join(columns)}] {group}"


def without_groups(summaries: Labelled, config: ModelConfig) -> Labelled:
    """The summaries of all rows and of the segments."""
    starts = tuple(group_key(columns, "") for columns in _groupings(config))
    return {name: part for name, part in summaries.items() if not name.startswith(starts)}


def selection_results(
    judging: Judging, window: Window, table: TableSummary, reference: TableSummary | None
) -> list[Result]:
    """Selection rates of every group; they need no label."""
    usual = reference.selections if reference else {}
    families = []
    for metric in (FAIRNESS[name] for name in sorted(SELECTION)):
        for columns in _groupings(judging.config):
            name = " & ".join(columns)
            now, before = (
                {group: metric.counts(s) for group, s in side.get(name, {}).items()}
                for side in (table.selections, usual)
            )
            families.append(_Family(metric, name, now, before))
    found = _judged(judging, window, families, {})
    return [judging.versioned(result, main_version(table.versions)) for result in found]


def error_results(
    judging: Judging,
    window: Window,
    summaries: tuple[Labelled, Labelled],
    as_of: datetime,
    *,
    final: bool,
) -> list[Result]:
    """Error rates of every group; `summaries` are the window's and the reference's, by key."""
    families, coverage = [], dict[str, float]()
    for columns in _groupings(judging.config):
        start, name = group_key(columns, ""), " & ".join(columns)
        now, usual = (
            {key.removeprefix(start): s for key, s in side.items() if key.startswith(start)}
            for side in summaries
        )
        coverage |= {group: summary.coverage for group, summary in now.items()}
        for metric in (FAIRNESS[name] for name in sorted(ERRORS)):
            now_parts, usual_parts = (
                {group: metric.counts(_cells(s, judging.config)) for group, s in side.items()}
                for side in (now, usual)
            )
            families.append(_Family(metric, name, now_parts, usual_parts))
    shared = {"as_of": as_of, "status": Status.FINAL if final else Status.PROVISIONAL}
    return _judged(judging, window, families, shared, coverage)


def _groupings(config: ModelConfig) -> tuple[tuple[str, ...], ...]:
    return config.fairness.groupings if config.fairness else ()


def _cells(summary: LabelledSummary, config: ModelConfig) -> Cells:
    """Decided against true: the positive class, or of several the favourable one."""
    try:
        table = confusion(summary)
    except DataError:
        return Cells(0, 0, 0, 0)
    wanted = "positive" if config.task is Task.BINARY else config.favourable
    hit = [i for i, name in enumerate(table.classes) if name == wanted]
    other = [i for i, name in enumerate(table.classes) if name != wanted]
    counts = table.counts
    return Cells(
        int(counts[other][:, other].sum()),
        int(counts[other][:, hit].sum()),
        int(counts[hit][:, other].sum()),
        int(counts[hit][:, hit].sum()),
    )


def _judged(
    judging: Judging,
    window: Window,
    families: Sequence[_Family],
    shared: Mapping[str, object],
    coverage: Mapping[str, float] | None = None,
) -> list[Result]:
    budget = judging.alpha(max(1, sum(len(family.now) for family in families)))
    results = []
    for family in families:
        if len(family.now) < 2:  # noqa: PLR2004 - a group is compared with another
            reason = f"{len(family.now)} groups with a decision; it needs 2 to compare"
            results.append(
                judging.unknown(
                    window, family.metric.name, 0, reason, column=family.attribute, **shared
                )
            )
            continue
        alpha = min(budget, FAMILY_ALPHA / len(family.now))
        for group in family.now:
            more = dict(shared)
            if coverage is not None:
                more["label_coverage"] = coverage[group]
            results.append(_one(judging, window, family, group, (alpha, more)))
    return results


def _one(
    judging: Judging,
    window: Window,
    family: _Family,
    group: str,
    how: tuple[float, dict[str, object]],
) -> Result:
    assert judging.config.fairness is not None  # noqa: S101 - there are groups
    fairness, metric, (alpha, shared) = judging.config.fairness, family.metric, how
    parts = family.now[group], _rest(family.now, group)
    shared |= {"column": family.attribute, "segment": group}
    try:
        value = metric.compute(*parts)
        low, high = metric.interval(*parts, 1 - alpha)
    except DataError as error:
        return judging.unknown(window, metric.name, parts[0].of, str(error), **shared)
    chosen = fairness.tolerances.get(metric.name, metric.tolerance)
    judgement = judge_fairness(
        metric,
        Estimate(value, low, high, parts[0].of),
        parts,
        tolerance=chosen,
        min_rows=fairness.min_rows,
        fails=fairness.fails,
    )
    return judging.result(
        window,
        metric.name,
        parts[0].of,
        _withheld(judging, judgement, shared),
        value=value,
        low=low,
        high=high,
        reference_value=_usual(metric, family.usual, group),
        tolerance=chosen,
        **shared,
    )


def _rest(parts: Parts, group: str) -> Part:
    others = [part for name, part in parts.items() if name != group]
    return Part(*map(sum, zip(*others, strict=True)))


def _usual(metric: FairnessMetric, parts: Parts, group: str) -> float | None:
    """The same number of the reference; None if it cannot be told."""
    if group not in parts or len(parts) < 2:  # noqa: PLR2004 - a group is compared with another
        return None
    try:
        return metric.compute(parts[group], _rest(parts, group))
    except DataError:
        return None


def _withheld(judging: Judging, judgement: Judgement, shared: Mapping[str, object]) -> Judgement:
    """No verdict on early labels: the first to arrive are not like the rest."""
    least, come = judging.config.performance.min_coverage, shared.get("label_coverage")
    early = shared.get("status") is Status.PROVISIONAL and isinstance(come, float) and come < least
    if not early or judgement.verdict is Verdict.UNKNOWN:
        return judgement
    reason = f"only {come:.0%} of the labels have come, {least:.0%} are needed for a verdict"
    return Judgement(Verdict.UNKNOWN, reason)
