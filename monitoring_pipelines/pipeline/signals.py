"""What an LLM application or agent did in a window, against its reference and its promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from statistics import median
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.activity import (
    answered,
    summarise_activity,
    told_columns,
)
from monitoring_pipelines.backends.duckdb.table import summarise_table
from monitoring_pipelines.checks.between import widened_estimate
from monitoring_pipelines.checks.budget import interval_confidence
from monitoring_pipelines.checks.judgement import Estimate, Judgement
from monitoring_pipelines.checks.limit import judge_limit
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.domain.task import Task
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.errors import DataError
from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.metrics.base import Direction
from monitoring_pipelines.pipeline.judging import main_version
from monitoring_pipelines.pipeline.usual import CONFIDENCE
from monitoring_pipelines.stats.intervals import normal_quantile
from monitoring_pipelines.summaries.activity import Activity
from monitoring_pipelines.summaries.binning import Binning
from monitoring_pipelines.summaries.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Cadence, Window
    from monitoring_pipelines.metrics.base import SignalMetric
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.summaries.activity import Amounts
    from monitoring_pipelines.summaries.table import TableSummary

PROMPT_REGRESSION = "prompt_regression"
PROMPT = "prompt_version"
# words of prompts, which `pipeline.topics` tells of
TERMS = "term_counts"
# scores of answers by their names
SCORES = "score_values"
# of two versions of a prompt in one window
MIN_PROMPT_ROWS = 30
# so many tools or categories are told apart
MAX_NAMES = 30
# the number that stands for all of a window without rows, and what there is none of
WORTH_SAYING = {Task.LLM: ("error_rate", "calls"), Task.AGENT: ("failed_task_rate", "tasks")}
# what nobody needs to declare
LIMITS = {"other_tool_rate": 0.0}
# what is neither an id nor a hash, and tells more than the signals do
FEATURES = {
    Task.LLM: (
        "operation", "provider", "model", "fingerprint", "prompt_hash", "agent",
        "input_tokens", "output_tokens", "latency_ms", "input_chars", "script", "retrieval_score",
    ),
    Task.AGENT: ("model", "agents", "prompt_hash", "path", "steps", "tool_calls", "duration_ms"),
}  # fmt: skip


def signals_of(config: ModelConfig) -> list[SignalMetric]:
    """Signals of the model's task."""
    return [metric for metric in SIGNALS.values() if config.task in metric.tasks]


def usual_features(rows: Rows, config: ModelConfig) -> list[str]:
    """Columns that are watched unless `features.include` names others: those that tell anything."""
    chosen = config.features
    names = [
        name
        for name in (*FEATURES[config.task], *chosen.numeric, *chosen.categorical)
        if name in rows.log.columns and name not in chosen.exclude
    ]
    return told_columns(rows, [*dict.fromkeys(names)])


def summarised(
    rows: Rows, config: ModelConfig, binning: Binning, windows: tuple[Cadence, tzinfo] | None
) -> TableSummary:
    """Summary of `rows`; of several windows if it is told how they are cut.

    Features and versions are of calls that did not fail, ids of calls: a session's may come again.
    """
    columns, is_of_calls = config.predictions.columns, config.task is Task.LLM
    every = summarise_table(rows, Binning({}), None, windows, columns.id if is_of_calls else None)
    told = summarise_table(answered(rows), binning, columns.model_version)
    activity = activities(rows, config)
    return replace(every, columns=told.columns, versions=told.versions, activity=activity)


def activities(rows: Rows, config: ModelConfig) -> dict[str, Activity]:
    """Activity of all rows, of each segment, and of each version of a prompt."""
    metrics = signals_of(config)
    levels = sorted({metric.column for metric in metrics if not metric.is_amount})
    amounts = sorted({metric.column for metric in metrics if metric.is_amount})
    shares = sorted({TERMS, *(metric.each for metric in metrics if metric.each)} - {SCORES})
    found = summarise_activity(rows, levels, amounts, shares=shares, named=[SCORES])
    parts = {*config.segments}
    if config.signals.prompt_versions and PROMPT in rows.log.columns:
        parts.add(PROMPT)
    for column in sorted(parts):
        by_value = summarise_activity(rows, levels, amounts, column)
        found |= {f"{column}={value}": activity for value, activity in by_value.items()}
    return found


def signal_results(
    judging: Judging,
    window: Window,
    table: TableSummary,
    reference: TableSummary | None,
    moving: Sequence[TableSummary],
) -> list[Result]:
    """Every signal that the log has the columns of, of all rows and of every segment.

    `moving` are the single windows of a reference that moves.
    """
    if not table.n_rows:  # said once, of the number that pages; how many there are is `volume`
        name, what = WORTH_SAYING[judging.config.task]
        chosen = judging.config.primary_metric
        name = chosen if chosen in SIGNALS else name
        return [judging.unknown(window, name, 0, f"no {what} in this window")]
    usual = reference.activity if reference else {}
    counts = reference.rows_per_window if reference else ()
    per_window = median(counts) if counts else 0  # a given file has no windows
    judge = _Judge(
        judging, window, main_version(table.versions), _alphas(judging, usual), per_window
    )
    results = []
    for segment, activity in table.activity.items():
        if segment.startswith(f"{PROMPT}=") and PROMPT not in judging.config.segments:
            continue  # versions are compared with each other, below
        earlier = [part.activity[segment] for part in moving if segment in part.activity]
        for metric in signals_of(judging.config):
            known = activity, usual.get(segment), earlier
            if metric.each:
                results += judge.each(metric, known, segment)
                continue
            result = judge.signal(metric, known, segment)
            results += [result] if result else []
    if judging.config.signals.prompt_versions:
        results += _prompt_results(judge, table)
    return results


def _alphas(judging: Judging, usual: Mapping[str, Activity]) -> tuple[float, float]:
    """Half of the budget for the number that pages; as much again for all that warn."""
    known = usual.get("")
    if known is None:
        return judging.alpha(2), judging.alpha(2)
    active = sum(1 for m in signals_of(judging.config) if m.n(known))
    told = [len({*shares} - {""}) for name, shares in known.shares.items() if name != TERMS]
    told.append(len(_scores_of(known)))
    named = sum(min(n, MAX_NAMES) for n in told)
    return judging.alpha(2), judging.alpha(2 * max(1, (active + named) * len(usual)))


@dataclass(frozen=True, slots=True)
class _Judge:
    judging: Judging
    window: Window
    version: str
    alphas: tuple[float, float]
    per_window: float

    def each(
        self,
        metric: SignalMetric,
        known: tuple[Activity, Activity | None, Sequence[Activity]],
        segment: str,
    ) -> list[Result]:
        """Results of a signal that is told of every tool, every category, or every score.

        What is worse when it is less is told of those of the reference too: they may be gone.
        """
        activity, reference, earlier = known
        counts = _names(metric, activity)
        if metric.direction is Direction.LOWER_IS_WORSE and reference:
            counts = {**_names(metric, reference), **counts}
        often = sorted(counts, key=lambda name: (-counts[name], name))
        results = []
        for name in sorted(often[:MAX_NAMES]):
            before = [_share_of(part, metric, name) for part in earlier]
            usual = _share_of(reference, metric, name) if reference else None
            one = _share_of(activity, metric, name), usual, before
            result = self.signal(self._turned(metric, name), one, segment)
            results += [replace(result, column=name)] if result else []
        return results

    def _turned(self, metric: SignalMetric, name: str) -> SignalMetric:
        """The signal of a score; of one that is better if it is lower, the other way round."""
        if metric.each == SCORES and name in self.judging.config.signals.lower_is_better:
            return replace(metric, direction=Direction.HIGHER_IS_WORSE)
        return metric

    def signal(
        self,
        metric: SignalMetric,
        known: tuple[Activity, Activity | None, Sequence[Activity]],
        segment: str,
    ) -> Result | None:
        """Result of one signal; None if neither the window nor the reference tells of it."""
        activity, reference, earlier = known
        config = self.judging.config
        primary = metric.name == config.primary_metric and not segment
        if not _tells(metric, activity) and not (reference and _tells(metric, reference)):
            missing = f"the log does not tell `{metric.column}`"
            return self._unknown(metric, activity, segment, missing) if primary else None
        if not primary and self._is_too_fine(metric, activity):
            return None
        alpha = self.alphas[0] if primary else self.alphas[1]
        try:
            value = metric.compute(activity)
            low, high = metric.interval(activity, CONFIDENCE)
            estimate = Estimate(
                value, *metric.interval(activity, interval_confidence(alpha)), metric.n(activity)
            )
        except DataError as error:
            return self._unknown(metric, activity, segment, str(error))
        usual, limit = self._usual(metric, reference, earlier, alpha)
        judgement = self._judged(metric, estimate, usual, primary=primary)
        promised = config.signals.limits.get(metric.name, LIMITS.get(metric.name))
        if promised is not None and not segment:
            kept = judge_limit(metric.name, estimate, promised, metric.direction)
            if kept.verdict is Verdict.FAIL or judgement.verdict is Verdict.UNKNOWN:
                judgement = kept
        return self.judging.result(
            self.window,
            metric.name,
            estimate.n,
            judgement,
            segment=segment,
            value=value,
            low=low,
            high=high,
            reference_value=usual.value if usual else None,
            tolerance=limit,
            model_version=self.version,
        )

    def _is_too_fine(self, metric: SignalMetric, activity: Activity) -> bool:
        """Whether this window has too few rows for a quantile, as windows usually have."""
        signals = self.judging.config.signals
        named = metric.name in signals.names
        few = max(self.per_window, metric.n(activity)) < (signals.min_rows or metric.min_rows)
        return metric.is_amount and few and not named

    def _judged(
        self, metric: SignalMetric, estimate: Estimate, usual: Estimate | None, *, primary: bool
    ) -> Judgement:
        config = self.judging.config
        if metric.total:
            return Judgement(Verdict.OK, "a sum; `signals.limits` can judge it")
        chosen = config.performance.min_rows if primary else None
        if "min_rows" not in config.performance.model_fields_set:
            chosen = None
        return judge_performance(
            metric,
            estimate,
            usual,
            tolerance=self.tolerance(metric),
            decides=primary,
            min_rows=config.signals.min_rows or chosen or metric.min_rows,
        )

    def tolerance(self, metric: SignalMetric) -> float:
        """Smallest change that matters, as the configuration or the metric has it."""
        config = self.judging.config
        if metric.name in config.signals.tolerances:
            return config.signals.tolerances[metric.name]
        if metric.name == config.primary_metric and config.performance.tolerance is not None:
            return config.performance.tolerance
        return metric.tolerance

    def _usual(
        self,
        metric: SignalMetric,
        reference: Activity | None,
        earlier: Sequence[Activity],
        alpha: float,
    ) -> tuple[Estimate | None, float | None]:
        """The reference's estimate, as wide as its windows differ, and the smallest loss."""
        usual = _estimate(metric, reference, interval_confidence(alpha))
        if usual is None or metric.total:
            return None, None
        share = self.tolerance(metric)
        limit = share * abs(usual.value) if metric.relative else share
        windows = [one for part in earlier if (one := _estimate(metric, part, CONFIDENCE))]
        if windows:
            z = normal_quantile(CONFIDENCE)
            usual = widened_estimate(usual, windows, limit, alpha, z)
        return usual, limit

    def _unknown(
        self, metric: SignalMetric, activity: Activity, segment: str, reason: str
    ) -> Result:
        more = {"segment": segment, "model_version": self.version}
        return self.judging.unknown(self.window, metric.name, activity.n_rows, reason, **more)


def _share_of(activity: Activity, metric: SignalMetric, name: str) -> Activity:
    """What `activity` tells of one name, as levels that a rate is of, or as amounts."""
    if metric.each == SCORES:
        given = _scores_of(activity).get(name)
        return Activity(given.n, amounts={metric.column: given}) if given else Activity(0)
    shares = activity.shares.get(metric.each, {})
    none = Selection(0, 0)
    own = shares.get(name, none)
    n = own.n or shares.get("", none).n
    if not n:
        return Activity(0)
    hits = own.n_selected
    return Activity(n, {metric.column: {"0": n - hits, "1": hits}})


def _scores_of(activity: Activity) -> dict[str, Amounts]:
    """Scores by their names."""
    start = f"{SCORES}="
    found = activity.amounts.items()
    return {name.removeprefix(start): one for name, one in found if name.startswith(start)}


def _names(metric: SignalMetric, activity: Activity) -> dict[str, int]:
    """What a signal is told of, by name, and how often it is there."""
    if metric.each == SCORES:
        return {name: one.n for name, one in _scores_of(activity).items()}
    shares = activity.shares.get(metric.each, {})
    return {name: one.n + one.n_selected for name, one in shares.items() if name}


def _tells(metric: SignalMetric, activity: Activity) -> bool:
    """Whether any row has a value in the metric's column."""
    if metric.is_amount:
        return metric.n(activity) > 0
    return bool(activity.levels.get(metric.column))


def _estimate(
    metric: SignalMetric, activity: Activity | None, confidence: float
) -> Estimate | None:
    if activity is None or not _tells(metric, activity):
        return None
    try:
        interval = metric.interval(activity, confidence)
        return Estimate(metric.compute(activity), *interval, metric.n(activity))
    except DataError:
        return None


def _prompt_results(judge: _Judge, table: TableSummary) -> list[Result]:
    """Each version of a prompt in this window against all others in it."""
    versions = {
        name: activity
        for name, activity in table.activity.items()
        if name.startswith(f"{PROMPT}=") and activity.n_rows >= MIN_PROMPT_ROWS
    }
    if len(versions) < 2:  # noqa: PLR2004 - a comparison needs two
        return []
    metrics = [m for m in signals_of(judge.judging.config) if not m.total]
    alpha = judge.judging.alpha(2 * len(versions) * len(metrics))
    confidence = interval_confidence(alpha)
    results = []
    for name, activity in versions.items():
        rest = reduce(add, (other for key, other in versions.items() if key != name))
        for metric in metrics:
            mine, others = (_estimate(metric, part, confidence) for part in (activity, rest))
            if mine is None or others is None:
                continue
            tolerance = judge.tolerance(metric)
            judgement = judge_performance(
                metric, mine, others, tolerance=tolerance, min_rows=MIN_PROMPT_ROWS
            )
            reason = judgement.reason.replace("the reference", "the other versions")
            results.append(
                judge.judging.result(
                    judge.window,
                    PROMPT_REGRESSION,
                    mine.n,
                    Judgement(judgement.verdict, reason),
                    column=metric.name,
                    segment=name,
                    value=mine.value,
                    low=mine.low,
                    high=mine.high,
                    reference_value=others.value,
                    tolerance=tolerance * abs(others.value) if metric.relative else tolerance,
                    model_version=judge.version,
                )
            )
    return results
