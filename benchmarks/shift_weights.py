"""Calibration weighted for covariate shift, against the plain one: ``python -m benchmarks.shift_weights``.

The estimated area under the curve less the realised one, on public streams. *Weighted* fits the
calibrator anew for every window, on reference rows weighted by the odds that a boosted classifier
gives them of being the window's (as PAPE, arXiv:2401.08348). *By record* takes the weighted one
where it was nearer on average in the last six windows whose labels were known. ``--docs`` writes
the table.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.tables import put, table
from monitoring_pipelines.stats.delong import delong
from monitoring_pipelines.summaries.score_table import table_of

PAGE = Path(__file__).parents[1] / "docs" / "statistics.md"
GROUP, SAMPLE, SEED = 50, 10_000, 1
RECORD = 6


def data(path: str) -> pd.DataFrame:
    folder = os.environ.get("MONITORING_TEST_DATA")
    if not folder:
        raise SystemExit("Set MONITORING_TEST_DATA to the folder with the public data sets.")
    return pd.read_parquet(Path(folder) / path)


def area(scores: Any, positive: Any) -> float:
    """Area under the curve of rows that are positive by a share."""
    counts = table_of(scores, 1.0 - positive, 1.0 * positive)
    return delong(counts.negatives, counts.positives)[0]


def calibrated(scores: Any, labels: Any, weights: Any, at: Any) -> Any:
    """Isotonic shares at the scores `at`, fitted on groups of rows as in use."""
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(scores, kind="stable")
    scores, labels, weights = scores[order], labels[order], weights[order]
    starts = np.arange(0, len(scores), GROUP)
    mass = np.add.reduceat(weights, starts)
    centres = np.add.reduceat(scores * weights, starts) / mass
    shares = np.add.reduceat(labels * weights, starts) / mass
    fitted = IsotonicRegression().fit_transform(centres, shares, sample_weight=mass)
    return np.interp(at, centres, fitted)


def odds(reference: pd.DataFrame, window: pd.DataFrame) -> Any:
    """How many times more frequent rows like each of the reference's are in the window."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    some = reference.sample(min(SAMPLE, len(reference)), random_state=SEED)
    rows, of = pd.concat([some, window]), np.repeat([0, 1], [len(some), len(window)])
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=15, random_state=SEED)
    found = model.fit(rows, of).predict_proba(reference)[:, 1]
    return found / (1 - found) * len(some) / len(window)


def numbers(frame: pd.DataFrame, score: str, label: str, leave: set[str]) -> tuple[Any, Any, Any]:
    features = frame.drop(columns=[c for c in frame if c in leave | {label}])
    texts = [c for c in features if not pd.api.types.is_numeric_dtype(features[c])]
    codes = {c: features[c].astype("category").cat.codes for c in texts}
    plain = features.assign(**codes).astype(float)
    return plain, frame[score].to_numpy(float), frame[label].to_numpy(float)


def stream(name: str) -> tuple[Any, int, int]:
    """Features, scores and labels of all rows, how many are the reference, and rows per window."""
    if name == "census, 5,000 rows":
        parts = [data(f"nannyml_employment_ma/{p}.parquet") for p in ("analysis", "targets")]
        frame = pd.concat([data("nannyml_employment_ma/reference.parquet"), pd.merge(*parts)])
        leave = {"id", "year", "prediction", "timestamp"}
        rows = numbers(frame, "predicted_probability", "employed", leave)
        return rows, len(frame) - len(parts[0]), 5_000
    if name == "car loans":
        parts = [data(f"nannyml_car_loan/{p}.parquet") for p in ("analysis", "targets")]
        frame = pd.concat([data("nannyml_car_loan/reference.parquet"), pd.merge(*parts, on="id")])
        rows = numbers(frame, "y_pred_proba", "repaid", {"id", "timestamp", "y_pred"})
        return rows, len(frame) - len(parts[0]), 5_000
    if name == "Elec2, weeks":
        frame, made = data("elec2/elec2.parquet"), data("elec2/derived_predictions.parquet")
        names = sorted(frame["label"].astype(str).unique())
        frame = frame.assign(
            score=made["score"].to_numpy(), y=frame["label"].astype(str) == names[1]
        )
        return numbers(frame, "score", "y", {"date", "label"}), 94 * 48, 336
    card = name.split(", ")[1]
    parts = [data(f"nannyml_misc/multiclass_{p}.parquet") for p in ("analysis", "targets")]
    frame = pd.concat(
        [data("nannyml_misc/multiclass_reference.parquet"), pd.merge(*parts, on="id")]
    )
    frame["y"] = frame["y_true"] == card
    leave = {"id", "timestamp", "y_pred", "y_true"}
    return numbers(frame, f"y_pred_proba_{card}", "y", leave), len(frame) - len(parts[0]), 6_000


STREAMS = (
    "census, 5,000 rows",
    "car loans",
    "Elec2, weeks",
    "credit cards, upmarket_card",
)


def errors(name: str) -> Any:
    """Error of the plain and of the weighted estimate in each window, and its effective rows."""
    (features, scores, labels), n, size = stream(name)
    reference, found = features.iloc[:n], []
    for start in range(n, len(labels) - size // 2, size):
        now = slice(start, start + size)
        if not 0 < labels[now].mean() < 1:
            continue
        truth = area(scores[now], labels[now])
        weights = odds(reference, features.iloc[now])
        said = [
            area(scores[now], calibrated(scores[:n], labels[:n], weight, scores[now]))
            for weight in (np.ones(n), weights)
        ]
        effective = weights.sum() ** 2 / (weights @ weights)
        found.append((said[0] - truth, said[1] - truth, effective))
    return np.array(found)


def by_record(plain: Any, weighted: Any) -> Any:
    """The weighted estimate's errors where it did better of late, else the plain one's.

    The labels of the window before are not known yet.
    """
    found = plain.copy()
    for i in range(RECORD + 1, len(plain)):
        past = slice(i - RECORD - 1, i - 1)
        if np.abs(weighted[past]).mean() < np.abs(plain[past]).mean():
            found[i] = weighted[i]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    rows = []
    for name in STREAMS:
        plain, weighted, effective = errors(name).T
        better = float(np.mean(np.abs(weighted) < np.abs(plain)))
        chosen = by_record(plain, weighted)
        sizes = [
            f"{np.abs(e).mean():.4f} ({np.abs(e).max():.3f})" for e in (plain, weighted, chosen)
        ]
        rows.append([name, len(plain), *sizes, f"{better:.2f}", f"{effective.min():,.0f}"])
        print(rows[-1], flush=True)
    head = [
        "stream",
        "windows",
        "plain: mean error (largest)",
        "weighted",
        "by record",
        "better in",
    ]
    text = table([*head, "fewest effective rows"], rows)
    print(text)
    if options.docs:
        put(PAGE, "shift weights", text)


if __name__ == "__main__":
    main()
