"""How soon a shift is seen: our rule, the peers' rules and plain tests, at equal false alarms.

``python -m benchmarks.power [--scale S] [--docs]``. The peers' rules are written out here from
their sources, with the peers' defaults: NannyML's mean + 3 standard deviations of ten reference
chunks (Jensen-Shannon over Doane's bins, Kolmogorov-Smirnov, accuracy, share of missing values),
Evidently's Wasserstein distance over the reference's standard deviation and Jensen-Shannon distance
above 0.1, and its accuracy outside of the reference's +- 20 per cent; Kolmogorov-Smirnov,
chi-squared and z tests with Bonferroni's correction for 20 columns. The first table compares them
with rates that were measured with the packages themselves.

Each rule is a number per window and a limit of it. As shipped the limit is the default; for the
comparison it is the quantile that one window in a hundred without a shift exceeds.
"""

from __future__ import annotations

import argparse
import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import expit, logit

from benchmarks.draws import generator
from benchmarks.tables import digits, put, table
from monitoring_pipelines.checks.budget import alpha_per_check, interval_confidence
from monitoring_pipelines.checks.drift import judge_drift
from monitoring_pipelines.checks.judgement import Change, Estimate, Share
from monitoring_pipelines.checks.performance import judge_performance
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE
from monitoring_pipelines.stats.exact import probability_of_rise
from monitoring_pipelines.summaries.binning import quantile_edges
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.confusion import Confusion
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.labelled import LabelledSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from monitoring_pipelines.metrics.base import DriftMetric

    Rows = NDArray[Any]
    Statistic = Callable[[Rows], float]
    # the reference's chunks to a number per window, and the default limit of that number
    Rule = Callable[[Sequence[Rows]], tuple[Statistic, float]]

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
ROWS, CHUNKS, COLUMNS, LAST = 1_500, 10, 20, 60
ALARMS = 0.01


def judging(reference: Any) -> dict[DriftMetric, float]:
    """The metrics that can warn, each with its part of what the column may cry wolf."""
    fitting = [metric for metric in DRIFT.values() if isinstance(reference, metric.kinds)]
    parts = sum(metric.weight for metric in fitting)
    return {metric: metric.weight / parts for metric in fitting if metric.tolerance > 0}


def any_metric(reference: Any, summarise: Callable[[Rows], Any]) -> Statistic:
    """Largest ratio of a value to its noise floor, over the metrics that can warn."""
    shares = judging(reference)

    def statistic(rows: Rows) -> float:
        window = summarise(rows)
        return max(
            metric.compute(reference, window)
            / metric.noise_floor(reference, window, ALARMS * share)
            for metric, share in shares.items()
        )

    return statistic


def verdicts(reference: Any, summarise: Callable[[Rows], Any]) -> Statistic:
    """1 if any metric warns, as shipped, else 0."""
    shares = judging(reference)

    def statistic(rows: Rows) -> float:
        window = summarise(rows)
        for metric, share in shares.items():
            value = metric.compute(reference, window)
            if value > metric.tolerance:
                alpha = alpha_per_check(Cadence.DAY, COLUMNS / share)
                floor = metric.noise_floor(reference, window, alpha)
                change = Change(value, floor, metric.expected(reference, window), window.n)
                if judge_drift(metric, change).verdict is Verdict.WARN:
                    return 1.0
        return 0.0

    return statistic


def binned(chunks: Sequence[Rows]) -> tuple[Any, Callable[[Rows], Any]]:
    rows = np.concatenate(chunks)
    edges, coarse = quantile_edges(np.quantile(rows, np.arange(1, 100) / 100).tolist())

    def summarise(values: Rows) -> Histogram:
        places = np.searchsorted(edges, values, side="left")
        return Histogram(
            edges, tuple(np.bincount(places, minlength=len(edges) + 1).tolist()), coarse
        )

    return summarise(rows), summarise


def counted(chunks: Sequence[Rows]) -> tuple[Any, Callable[[Rows], Any]]:
    k = int(np.concatenate(chunks).max()) + 1

    def summarise(values: Rows) -> Categories:
        return Categories(
            tuple(map(str, range(k))), tuple(np.bincount(values, minlength=k).tolist())
        )

    return summarise(np.concatenate(chunks)), summarise


def three_deviations(chunks: Sequence[Rows], measure: Statistic) -> tuple[Statistic, float]:
    """NannyML: a chunk is compared with the whole reference that it is a part of."""
    usual = [measure(chunk) for chunk in chunks]
    mean, spread = float(np.mean(usual)), float(np.std(usual)) or 1e-12
    return lambda rows: (measure(rows) - mean) / spread, 3.0


def shares_of(rows: Rows, edges: Rows) -> Rows:
    return np.asarray(np.histogram(np.clip(rows, edges[0], edges[-1]), bins=edges)[0] / len(rows))


def nannyml_js(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    edges = np.histogram_bin_edges(rows, bins="doane")
    usual = shares_of(rows, edges)
    return three_deviations(
        chunks, lambda window: float(jensenshannon(usual, shares_of(window, edges), base=2))
    )


def nannyml_ks(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.sort(np.concatenate(chunks))
    return three_deviations(
        chunks, lambda window: float(stats.ks_2samp(rows, window, method="asymp").statistic)
    )


def evidently_wasserstein(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    return lambda window: float(stats.wasserstein_distance(rows, window) / rows.std()), 0.1


def plain_ks(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    return (
        lambda w: -math.log(max(stats.ks_2samp(rows, w, method="asymp").pvalue, 1e-300)),
        -math.log(0.05 / COLUMNS),
    )


def frequency(rows: Rows, k: int) -> Rows:
    return np.asarray(np.bincount(rows, minlength=k) / len(rows))


def nannyml_js_levels(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    k = int(rows.max()) + 1
    usual = frequency(rows, k)
    return three_deviations(chunks, lambda w: float(jensenshannon(usual, frequency(w, k), base=2)))


def evidently_js(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    k = int(rows.max()) + 1
    usual = frequency(rows, k)
    return lambda window: float(jensenshannon(usual, frequency(window, k), base=2)), 0.1


def plain_chi2(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    rows = np.concatenate(chunks)
    k = int(rows.max()) + 1
    usual = np.bincount(rows, minlength=k)

    def statistic(window: Rows) -> float:
        pairs = np.stack([usual, np.bincount(window, minlength=k)])
        return -math.log(max(stats.chi2_contingency(pairs, correction=False).pvalue, 1e-300))

    return statistic, -math.log(0.05 / COLUMNS)


# --- shares of missing values, and accuracy: rows are 1 (missing; right) or 0 ------------------


def ours_missing(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    usual = np.concatenate(chunks)
    bad, of = int(usual.sum()), len(usual)
    return (
        lambda w: -math.log(max(probability_of_rise(int(w.sum()), len(w), bad, of), 1e-300)),
        math.inf,
    )


def ours_missing_shipped(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    usual = np.concatenate(chunks)
    reference, alpha = (
        Share(int(usual.sum()), len(usual)),
        alpha_per_check(Cadence.DAY, 2 * (4 * COLUMNS + 5)),
    )
    return lambda w: float(
        judge_share(Share(int(w.sum()), len(w)), reference, alpha=alpha).verdict is not Verdict.OK
    ), 0.5


def z_rise(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    usual = np.concatenate(chunks)

    def statistic(window: Rows) -> float:
        share = (usual.sum() + window.sum()) / (len(usual) + len(window))
        error = math.sqrt(share * (1 - share) * (1 / len(usual) + 1 / len(window)))
        return float((window.mean() - usual.mean()) / error)

    return statistic, float(stats.norm.isf(0.05 / COLUMNS))


def z_fall(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    statistic, _ = z_rise(chunks)
    return lambda window: -statistic(window), float(stats.norm.isf(0.05))


def _accuracy(rows: Rows, confidence: float) -> Estimate:
    right, n = int(rows.sum()), len(rows)
    cells = np.array([[right, n - right], [0, 0]])
    labelled = LabelledSummary(n, n, confusion=Confusion(("no", "yes"), cells))
    metric = PERFORMANCE["accuracy"]
    return Estimate(metric.compute(labelled), *metric.interval(labelled, confidence), n)


def ours_accuracy(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    """How far the fall is, in halves of its own interval of 98 per cent."""
    usual = _accuracy(np.concatenate(chunks), interval_confidence(ALARMS))

    def statistic(window: Rows) -> float:
        found = _accuracy(window, interval_confidence(ALARMS))
        arm = math.hypot(found.high - found.value, usual.value - usual.low)
        return (usual.value - found.value) / arm

    return statistic, math.inf


def ours_accuracy_shipped(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    confidence = interval_confidence(alpha_per_check(Cadence.DAY, 2))
    usual, metric = _accuracy(np.concatenate(chunks), confidence), PERFORMANCE["accuracy"]

    def statistic(window: Rows) -> float:
        judged = judge_performance(metric, _accuracy(window, confidence), usual, decides=True)
        return float(judged.verdict is Verdict.FAIL)

    return statistic, 0.5


def nannyml_share(sign: float) -> Rule:
    return lambda chunks: three_deviations(chunks, lambda window: sign * float(window.mean()))


def evidently_accuracy(chunks: Sequence[Rows]) -> tuple[Statistic, float]:
    usual = float(np.concatenate(chunks).mean())
    return lambda window: 1 - float(window.mean()) / usual, 0.2


NUMBERS: dict[str, Rule] = {
    "ours": lambda chunks: (any_metric(*binned(chunks)), math.inf),
    "ours, as shipped": lambda chunks: (verdicts(*binned(chunks)), 0.5),
    "NannyML, JS": nannyml_js,
    "NannyML, KS": nannyml_ks,
    "Evidently, Wasserstein": evidently_wasserstein,
    "KS test": plain_ks,
}
LEVELS: dict[str, Rule] = {
    "ours": lambda chunks: (any_metric(*counted(chunks)), math.inf),
    "ours, as shipped": lambda chunks: (verdicts(*counted(chunks)), 0.5),
    "NannyML, JS": nannyml_js_levels,
    "Evidently, JS": evidently_js,
    "chi-squared test": plain_chi2,
}
MISSING: dict[str, Rule] = {
    "ours": ours_missing,
    "ours, as shipped": ours_missing_shipped,
    "NannyML, share": nannyml_share(1.0),
    "z test": z_rise,
}
ACCURACY: dict[str, Rule] = {
    "ours": ours_accuracy,
    "ours, as shipped": ours_accuracy_shipped,
    "NannyML, accuracy": nannyml_share(-1.0),
    "Evidently, accuracy": evidently_accuracy,
    "z test": z_fall,
}


@dataclass(frozen=True, slots=True)
class Shift:
    """`draw` gives the rows of a window at a size of the shift from 0 to 1."""

    name: str
    rules: dict[str, Rule]
    draw: Callable[[np.random.Generator, int, float], Rows]


def _levels(rng: np.random.Generator, n: int, size: float) -> Rows:
    p = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    return rng.choice(5, n, p=p + size * np.array([-0.05, 0, 0, 0, 0.05]))


def _right(rng: np.random.Generator, n: int, size: float, kind: str) -> Rows:
    """Whether a model is right that was calibrated before the shift."""
    if (
        kind == "label"
    ):  # more positives, each class as before; the model knows the negatives better
        score = rng.beta(1.2, 2.4, 4 * n)
        label = rng.random(4 * n) < score
        keep = np.where(label, 1.0, 1 - 0.55 * size) > rng.random(4 * n)
        score, label = score[keep][:n], label[keep][:n]
    else:  # what the score says is worth less than it was
        score = rng.beta(1.2, 2.4, n)
        label = rng.random(n) < expit(logit(score) * (1 - 0.35 * size))
    return ((score >= 0.5) == label).astype(np.int64)


SHIFTS = (
    Shift("mean + 0.15 sd", NUMBERS, lambda rng, n, size: rng.normal(0.15 * size, 1, n)),
    Shift("sd x 1.15", NUMBERS, lambda rng, n, size: rng.normal(0, 1 + 0.15 * size, n)),
    Shift(
        "a tenth of the rows + 1 sd",
        NUMBERS,
        lambda rng, n, size: rng.normal(0, 1, n) + (rng.random(n) < 0.1 * size),
    ),
    Shift("5 % of rows to another level", LEVELS, _levels),
    Shift(
        "missing 5 % to 7 %",
        MISSING,
        lambda rng, n, size: (rng.random(n) < 0.05 + 0.02 * size).astype(np.int64),
    ),
    Shift("label shift, accuracy", ACCURACY, lambda rng, n, size: _right(rng, n, size, "label")),
    Shift(
        "concept drift, accuracy", ACCURACY, lambda rng, n, size: _right(rng, n, size, "concept")
    ),
)


def delays(
    shift: Shift, limits: dict[str, float], streams: int, *, gradual: bool
) -> dict[str, list[int]]:
    """First window beyond the limit, of each rule and stream; a gradual shift takes 20 windows."""
    rng = generator("power", shift.name, gradual)
    found: dict[str, list[int]] = {name: [] for name in limits}
    for _ in range(streams):
        chunks = [shift.draw(rng, ROWS, 0.0) for _ in range(CHUNKS)]
        waiting = {name: shift.rules[name](chunks)[0] for name in limits}
        for i in range(1, LAST + 1):
            rows = shift.draw(rng, ROWS, min(1.0, i / 20) if gradual else 1.0)
            seen = [name for name, statistic in waiting.items() if statistic(rows) > limits[name]]
            for name in seen:
                found[name].append(i)
                del waiting[name]
            if not waiting:
                break
        for name in waiting:
            found[name].append(LAST)
    return found


def quiet(shift: Shift, streams: int, windows: int = 75) -> dict[str, Rows]:
    """Every rule's number in windows without a shift."""
    rng = generator("quiet", shift.name)
    found: dict[str, list[float]] = {name: [] for name in shift.rules}
    for _ in range(streams):
        chunks = [shift.draw(rng, ROWS, 0.0) for _ in range(CHUNKS)]
        rules = {name: rule(chunks)[0] for name, rule in shift.rules.items()}
        for _ in range(windows):
            rows = shift.draw(rng, ROWS, 0.0)
            for name, statistic in rules.items():
                found[name].append(statistic(rows))
    return {name: np.asarray(values) for name, values in found.items()}


def compare(scale: float) -> dict[str, str]:
    streams = max(4, int(120 * scale))
    rows = []
    for shift in SHIFTS:
        usual = quiet(shift, streams)
        chunks = [shift.draw(generator("shipped", shift.name), ROWS, 0.0) for _ in range(CHUNKS)]
        shipped = {name: rule(chunks)[1] for name, rule in shift.rules.items()}
        equal = {
            name: float(np.quantile(values, 1 - ALARMS)) if "shipped" not in name else 0.5
            for name, values in usual.items()
        }
        sudden = delays(shift, equal, streams, gradual=False)
        gradual = delays(shift, equal, streams, gradual=True)
        for name, values in usual.items():
            own = shipped[name]
            alarms = float((values > own).mean()) if math.isfinite(own) else ALARMS
            rows.append(
                [shift.name, name, digits(alarms), _delay(sudden[name]), _delay(gradual[name])]
            )
        print(f"power  {shift.name}", flush=True)
    head = [
        "shift",
        "rule",
        "false alarms as shipped",
        "sudden: windows until seen",
        "gradual: windows until seen",
    ]
    return {"power": table(head, rows)}


def _delay(found: list[int]) -> str:
    values = np.asarray(found)
    error = values.std() / math.sqrt(len(values))
    late = f", {np.mean(values == LAST):.0%} never" if (values == LAST).any() else ""
    return f"{values.mean():.1f} ± {error:.1f}{late}"


def faithful(scale: float) -> dict[str, str]:
    """The rules written out here against rates measured with the packages themselves."""
    rng, rows = generator("faithful"), []
    for k, n, published in ((5, 1_000, 0.181), (10, 1_000, 0.044), (30, 1_000, 0.009)):
        hits = total = 0
        for _ in range(max(5, int(100 * scale))):
            chunks = [rng.normal(size=n) for _ in range(k)]
            statistic, limit = nannyml_js(chunks)
            hits += sum(statistic(rng.normal(size=n)) > limit for _ in range(10))
            total += 10
        rows.append([f"NannyML 0.13.1, JS, {k} chunks of {n:,}", published, f"{hits / total:.3f}"])
    reference = [rng.normal(size=10_000)]
    for n, published in ((100, 0.69), (300, 0.14), (1_000, 0.0)):
        statistic, limit = evidently_wasserstein(reference)
        found = np.mean(
            [statistic(rng.normal(size=n)) >= limit for _ in range(max(20, int(300 * scale)))]
        )
        rows.append([f"Evidently 0.7.23, Wasserstein, {n:,} rows", published, f"{found:.3f}"])
    return {"faithful": table(["rule, no drift", "alarms of the package", "alarms here"], rows)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("error")
    for title, text in (faithful(options.scale) | compare(options.scale)).items():
        print(f"\n{title}\n{text}\n", flush=True)
        if options.docs:
            put(PAGE, title, text)


if __name__ == "__main__":
    main()
