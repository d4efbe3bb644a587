"""Whole models through the pipeline's own steps: false alarms a quarter against the budget.

Tolerances are set to nearly nothing, so everything that is credible counts; with the usual ones
there is less. Correlated features have nine tenths of their rows in common.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.draws import COLUMNS, counted, generator
from benchmarks.false_alarms.performance import MODELS
from benchmarks.tables import Cells, Measured, table, with_error
from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.alerts.triage import evaluation
from monitoring_pipelines.checks.budget import WINDOWS_A_QUARTER
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.domain.window import Cadence, Window
from monitoring_pipelines.metrics import DRIFT
from monitoring_pipelines.pipeline.drift import drift_results
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.performance import performance_results
from monitoring_pipelines.pipeline.quality import quality_results
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.histogram import Histogram
from monitoring_pipelines.summaries.table import TableSummary

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PER_WINDOW = 1 / WINDOWS_A_QUARTER[Cadence.DAY]
ROWS, K = 3_000, 10
FEATURES = (1, 10, 100, 500)
NOTHING = 1e-12
IN_COMMON = 0.9
KINDS = ("independent", "correlated")
PAGED = {"binary, 43 % positive": 1_000, "regression, heavy tails": 1_000, "4 classes": 200}
WARNED = {Verdict.WARN, Verdict.FAIL}


def models(scale: float) -> Measured:
    warned, paged = Cells(), Cells()
    for m in FEATURES:
        for kind in KINDS:
            features(m, kind, max(2, int(40_000 * scale / (m + 20))), warned)
            print(f"models {m} {kind}", flush=True)
    for name, n in PAGED.items():
        pages(name, n, max(2, int(40 * scale)), paged)
        print(f"models {name}", flush=True)
    rows = [
        [
            m,
            kind,
            *(
                with_error(warned[part, m, kind, PER_WINDOW], PER_WINDOW)
                for part in ("drift", "quality")
            ),
        ]
        for m in FEATURES
        for kind in KINDS
    ]
    head = ["features", "they are", "windows with a drift warning", "with a quality warning"]
    pages_ = [
        [
            name,
            n,
            *(
                with_error(paged[part, name, PER_WINDOW], PER_WINDOW)
                for part in ("failures", "incidents")
            ),
        ]
        for name, n in PAGED.items()
    ]
    return {
        "models": table(head, rows),
        "pages": table(
            ["model", "rows a window", "failures a window", "incidents a window"], pages_
        ),
    }, warned.failures() + paged.failures()


def config(task: str, **more: object) -> ModelConfig:
    values: dict[str, object] = {
        "name": "model",
        "task": task,
        "predictions": {
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", "prediction": "y", "prediction_score": "s"},
        },
        "reference": {"start": "2025-01-01", "end": "2026-01-01"},
        "drift": {"tolerances": dict.fromkeys(DRIFT, NOTHING)},
        "quality": {
            "tolerances": dict.fromkeys(
                ("missing_rate", "unseen_rate", "out_of_range_rate", "type_change"), NOTHING
            )
        },
        "performance": {"tolerance": NOTHING},
    }
    return ModelConfig.model_validate(values | more)


def day(i: int) -> Window:
    return Window(FIRST + timedelta(days=i), FIRST + timedelta(days=i + 1))


def features(m: int, kind: str, n_windows: int, cells: Cells) -> None:
    """Windows with a warning, of a model with `m` features of all kinds in turn."""
    rng, judging = generator("features", m, kind), Judging(config("binary_classification"), "", "")
    names = [name for name in COLUMNS if "100" not in name]
    for i in range(n_windows):
        if i % 10 == 0:  # ten windows share a reference
            fitted = [COLUMNS[names[j % len(names)]].fitted(rng, K * ROWS) for j in range(m)]
            reference = _table(
                [_column(j, found, rng, K * ROWS) for j, (found, _) in enumerate(fitted)], K * ROWS
            )
        columns = []
        common: dict[int, np.ndarray] = {}
        for j, (found, shares) in enumerate(fitted):
            own = ROWS
            counts = np.zeros(len(shares), dtype=np.int64)
            if kind == "correlated":
                # features of one kind see the same rows, as ranks; their bins are alike
                place = j % len(names)
                if place not in common:
                    common[place] = rng.random(int(IN_COMMON * ROWS))
                own = ROWS - len(common[place])
                cuts = np.cumsum(shares)[:-1]
                counts += np.bincount(np.searchsorted(cuts, common[place]), minlength=len(shares))
            counts += rng.multinomial(own, shares)
            columns.append(_column(j, counted(found, counts.tolist()), rng, ROWS))
        window = _table(columns, ROWS)
        for part, results in (
            ("drift", drift_results(judging, day(i), window, reference)),
            ("quality", quality_results(judging, day(i), window, reference)),
        ):
            cells.count((part, m, kind, PER_WINDOW), any(r.verdict in WARNED for r in results))


def _column(j: int, found: object, rng: np.random.Generator, n: int) -> ColumnSummary:
    """One in twenty rows has no value, beside those of the distribution."""
    missing = int(rng.binomial(n, 0.05))
    name, rows = f"x{j}", n + missing
    if isinstance(found, Histogram):
        return ColumnSummary(name, ColumnKind.NUMERIC, "float", rows, missing, histogram=found)
    return ColumnSummary(name, ColumnKind.CATEGORICAL, "text", rows, missing, categories=found)  # type: ignore[arg-type]


def _table(columns: list[ColumnSummary], n: int) -> TableSummary:
    return TableSummary(n, 0, {column.name: column for column in columns}, (n,))


def pages(name: str, n: int, quarters: int, cells: Cells) -> None:
    """Failures of the metric that pages, and incidents that they add up to, in quarters of days."""
    task, draw = MODELS[name]
    labels = {"location": "labels.parquet", "columns": {"label": "z"}, "maturity": "1d"}
    columns = {"id": "id", "timestamp": "at", "prediction": "y"}
    if name.startswith("binary"):
        columns["prediction_score"] = "s"
    declared = config(
        task.value,
        labels=labels,
        predictions={"location": "log.parquet", "columns": columns},
        performance={
            "tolerance": NOTHING,
            **({} if task.value != "multiclass_classification" else {"metric": "accuracy"}),
        },
    )
    rng, judging = generator("pages", name, n), Judging(declared, "", "")
    for _ in range(quarters):
        usual = {"": draw(rng, K * n)}
        found = []
        for i in range(91):
            results = performance_results(
                judging, day(i), ({"": draw(rng, n)}, usual), day(i).end, final=True
            )
            found.append(next(r for r in results if r.metric == declared.primary_metric))
        failures = sum(r.verdict is Verdict.FAIL for r in found)
        cells.count(("failures", name, PER_WINDOW), failures, len(found))
        # with a tolerance of nothing every failure would be critical
        plain = [replace(evaluation(r), severity=Severity.HIGH) for r in found]
        incidents = len(fold(plain, Policy()).episodes)
        cells.count(("incidents", name, PER_WINDOW), incidents, len(found))
