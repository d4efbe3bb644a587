"""Real census data (Massachusetts 2015-2018) against scikit-learn, scipy and numpy.

`oracle.json` was computed from the rows by those libraries, before this package existed; its
conventions stand at its top.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitoring_pipelines.metrics import DRIFT, PERFORMANCE
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.labelled import LabelledSummary
from tests.golden.public_data import columns, oracle
from tests.metrics.samples import confusion, score_table

SAME = {
    "roc_auc": "roc_auc",
    "average_precision": "average_precision",
    "brier": "brier_score",
    "log_loss": "log_loss",
    "ece10": "calibration_error",
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "specificity": "specificity",
    "f1": "f1",
}
CATEGORICAL = {
    "cat_psi": "psi",
    "cat_js_dist_base2": "jensen_shannon",
    "cat_linf": "l_infinity",
    "cat_hellinger": "hellinger",
    "chi2_stat": "chi_squared",
}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return oracle("nannyml_employment_ma")


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return columns("nannyml_employment_ma/reference.parquet")


@pytest.fixture(scope="module")
def analysis() -> dict[str, Any]:
    rows = columns("nannyml_employment_ma/analysis.parquet")
    targets = columns("nannyml_employment_ma/targets.parquet")
    assert (rows["id"] == targets["id"]).all()
    return {**rows, "employed": targets["employed"]}


def labelled(rows: dict[str, Any], chosen: Any) -> LabelledSummary:
    label = rows["employed"][chosen].astype(np.int64)
    return LabelledSummary(
        len(label),
        len(label),
        score_table(label, rows["predicted_probability"][chosen]),
        confusion(label, rows["prediction"][chosen].astype(np.int64), ("0", "1")),
    )


def agree(summary: LabelledSummary, numbers: dict[str, Any]) -> None:
    for theirs, ours in SAME.items():
        assert PERFORMANCE[ours].compute(summary) == pytest.approx(numbers[theirs], abs=1e-9), ours


def test_performance_of_the_reference(expected: dict[str, Any], reference: dict[str, Any]) -> None:
    agree(labelled(reference, slice(None)), expected["reference_all"])


def test_performance_by_year(expected: dict[str, Any], analysis: dict[str, Any]) -> None:
    for year, numbers in expected["analysis_by_year"].items():
        agree(labelled(analysis, analysis["year"] == int(year)), numbers)


def test_performance_by_chunk(expected: dict[str, Any], analysis: dict[str, Any]) -> None:
    for place, numbers in enumerate(expected["analysis_chunks_5000"]):
        agree(labelled(analysis, slice(5_000 * place, 5_000 * (place + 1))), numbers)


def test_only_two_chunks_are_credibly_and_practically_worse(
    reference: dict[str, Any], analysis: dict[str, Any]
) -> None:
    """The published analysis of these chunks finds the fall in chunks 27 and 28."""
    from monitoring_pipelines.checks.budget import alpha_per_check, interval_confidence
    from monitoring_pipelines.checks.judgement import Estimate
    from monitoring_pipelines.checks.performance import judge_performance
    from monitoring_pipelines.domain.verdict import Verdict
    from monitoring_pipelines.domain.window import Cadence

    metric = PERFORMANCE["roc_auc"]
    confidence = interval_confidence(alpha_per_check(Cadence.DAY, 10))

    def estimate(rows: dict[str, Any], chosen: slice) -> Estimate:
        summary = labelled(rows, chosen)
        interval = metric.interval(summary, confidence)
        return Estimate(metric.compute(summary), *interval, summary.n_labelled)

    before = estimate(reference, slice(None))
    failed = [
        place
        for place in range(42)
        if judge_performance(
            metric,
            estimate(analysis, slice(5_000 * place, 5_000 * (place + 1))),
            before,
            decides=True,
        ).verdict
        is Verdict.FAIL
    ]
    assert failed == [27, 28]


def test_drift_of_categories(
    expected: dict[str, Any], reference: dict[str, Any], analysis: dict[str, Any]
) -> None:
    """The same bins on both sides: one per level of either period, and no missing value."""
    for year, kinds in expected["drift_reference_vs_year"].items():
        chosen = analysis["year"] == int(year)
        for name, numbers in kinds["categorical"].items():
            if name not in reference:
                continue
            before, now = reference[name].astype(str), analysis[name][chosen].astype(str)
            levels = np.unique(np.concatenate([before, now]))
            a, b = (
                Categories(tuple(levels), tuple(int((v == level).sum()) for level in levels))
                for v in (before, now)
            )
            for theirs, ours in CATEGORICAL.items():
                value = DRIFT[ours].compute(a, b)
                assert value == pytest.approx(numbers[theirs], abs=1e-9, rel=1e-9), (name, ours)


@pytest.mark.parametrize("name", ["AGEP", "predicted_probability"])
def test_drift_of_numbers(
    name: str, expected: dict[str, Any], reference: dict[str, Any], analysis: dict[str, Any]
) -> None:
    """Deciles of the reference, with the oracle's bins closed on the left.

    Ours are closed on the right. For whole years of age that moves everyone of an age that is a
    decile into the bin below, which is another table of counts; so the counts are made here as the
    oracle made them, to compare the formula alone. With an edge for every age, ours gives the
    oracle's Kolmogorov-Smirnov and Wasserstein numbers exactly.
    """
    before = reference[name]
    deciles = np.unique(np.quantile(before, np.linspace(0, 1, 11)))
    edges = np.concatenate([[-np.inf], deciles[1:-1], [np.inf]])
    for year, kinds in expected["drift_reference_vs_year"].items():
        numbers = kinds["numeric"][name]
        now = analysis[name][analysis["year"] == int(year)]
        a, b = (
            Histogram(tuple(deciles[1:-1]), tuple(np.histogram(v, edges)[0].tolist()))
            for v in (before, now)
        )
        assert DRIFT["psi"].compute(a, b) == pytest.approx(numbers["psi_decile_ref"], abs=1e-12)
        values = np.unique(np.concatenate([before, now]))
        a, b = (
            Histogram(
                tuple(values.tolist()),
                tuple(np.bincount(np.searchsorted(values, v), minlength=len(values) + 1).tolist()),
            )
            for v in (before, now)
        )
        smirnov = DRIFT["kolmogorov_smirnov"].compute(a, b)
        assert smirnov == pytest.approx(numbers["ks_stat"], abs=1e-12)
        moved = DRIFT["wasserstein"].compute(a, b)
        assert moved == pytest.approx(numbers["wasserstein_norm_std"], abs=1e-9)
