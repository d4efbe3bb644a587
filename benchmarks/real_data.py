"""What is reported on public streams: ``python -m benchmarks.real_data [--docs] [--only NAME ...]``.

MONITORING_TEST_DATA names the folder with the tables `elec2`, `nycflights13`, `bike_sharing`; the
census ships with this repository. Every model runs through the pipeline with its defaults.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from benchmarks.tables import put, table
from monitoring_pipelines.alerts.condition import Policy, fold
from monitoring_pipelines.alerts.triage import evaluation, fingerprint
from monitoring_pipelines.config.model import ModelConfig
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.pipeline.model import Model
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.database import Store
from monitoring_pipelines.store.results import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.domain.result import Result

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "statistics.md"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def data(path: str) -> pd.DataFrame:
    folder = os.environ.get("MONITORING_TEST_DATA")
    if not folder:
        raise SystemExit("Set MONITORING_TEST_DATA to the folder with the public data sets.")
    return pd.read_parquet(Path(folder) / path)


def model(name: str, task: str, outputs: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "task": task,
        "predictions": {
            "location": "log.parquet",
            "columns": {"id": "id", "timestamp": "at", **outputs},
        },
        "labels": {"location": "labels.parquet", "columns": {"label": "label"}, "maturity": "1d"},
        **more,
    }


def write(folder: Path, log: pd.DataFrame, label: pd.Series[Any]) -> None:
    log = log.assign(id=range(len(log)))
    log.to_parquet(folder / "log.parquet")
    known = pd.DataFrame({"id": log["id"], "label": label.to_numpy()}).dropna()
    known.to_parquet(folder / "labels.parquet")


def elec2(folder: Path) -> tuple[dict[str, Any], Path]:
    """Half-hourly prices of New South Wales from 7 May 1996; a model trained on the first 94 days."""
    frame, made = data("elec2/elec2.parquet"), data("elec2/derived_predictions.parquet")
    at = pd.date_range("1996-05-07", periods=len(frame), freq="30min", tz="UTC", unit="us")
    log = frame.drop(columns=["date", "label"]).assign(
        at=at, score=made["score"], prediction=made["prediction"]
    )
    write(folder, log, frame["label"])
    reference = {"start": "1996-05-07", "end": "1996-08-09"}
    outputs = {"prediction_score": "score", "prediction": "prediction"}
    return model(
        "elec2", "binary_classification", outputs, reference=reference, window="week",
        start="1996-08-12", end="1998-12-01",
    ), folder  # fmt: skip


def flights(folder: Path) -> tuple[dict[str, Any], Path]:
    """Departures from New York in 2013: the delay at push-back predicts that on arrival."""
    frame = data("nycflights13/flights.parquet")
    clock = frame["sched_dep_time"]
    at = pd.to_datetime(frame[["year", "month", "day"]])
    at += pd.to_timedelta(clock // 100 * 60 + clock % 100, unit="m")
    log = frame[["dep_delay", "carrier", "origin", "distance"]].assign(
        at=at.astype("datetime64[us]")
    )
    write(folder, log, frame["arr_delay"])
    return model(
        "flights", "regression", {"prediction": "dep_delay"}, timezone="America/New_York",
        reference={"start": "2013-01-01", "end": "2013-02-04"}, window="week", start="2013-02-04",
        end="2013-12-30",
    ), folder  # fmt: skip


def bikes(folder: Path) -> tuple[dict[str, Any], Path]:
    """Hourly rentals in Washington 2011 and 2012, predicted by those of a week before."""
    frame = data("bike_sharing/hour.parquet")
    at = pd.to_datetime(frame["dteday"]) + pd.to_timedelta(frame["hr"], unit="h")
    before = frame.assign(at=at).set_index("at")["cnt"].reindex(at - pd.Timedelta(days=7))
    log = frame[["hr", "weathersit", "temp", "hum", "windspeed"]].assign(
        at=at.astype("datetime64[us]"), predicted=before.to_numpy()
    )
    known = log["predicted"].notna()
    write(folder, log[known], frame.loc[known, "cnt"])
    return model(
        "bikes", "regression", {"prediction": "predicted"}, window="month",
        reference={"start": "2011-02-01", "end": "2011-05-01"}, start="2011-05-01", end="2013-01-01",
    ), folder  # fmt: skip


def census(_: Path) -> tuple[dict[str, Any], Path]:
    """Census of Massachusetts, rows in published order laid on days, 5,000 a day."""
    path = PROJECT / "assets" / "census_employment" / "defs.yaml"
    attributes = yaml.safe_load(path.read_text(encoding="utf-8"))["attributes"]
    return {**attributes, "segments": [], "expectations": None}, PROJECT


def census_by_year(folder: Path) -> tuple[dict[str, Any], Path]:
    """The same by calendar year, the only time that the survey knows."""
    values, root = census(folder)
    values["predictions"]["columns"]["timestamp"] = "surveyed"
    reference = {"start": "2015-01-01", "end": "2016-01-01"}
    return {**values, "window": "year", "end": "2019-01-01", "reference": reference}, root


STREAMS: dict[str, Callable[[Path], tuple[dict[str, Any], Path]]] = {
    "Elec2, weeks": elec2,
    "flights, weeks": flights,
    "bike sharing, months": bikes,
    "census, 5,000 rows a day": census,
    "census, years": census_by_year,
}


def results(name: str) -> list[Result]:
    with tempfile.TemporaryDirectory() as place:
        values, root = STREAMS[name](Path(place))
        declared = Model(ModelConfig.model_validate(values), root, root)
        store = Store.open(f"sqlite:///{place}/monitoring.db")
        with Monitor.open(declared, store, now=LATER, run_id="run") as monitor:
            for window in declared.windows(None, None, LATER):
                monitor.at_once(window)
                monitor.performance(window)
        with store.read() as connection:
            found = read(connection)
        store.engine.dispose()
    return found


def reported(name: str) -> list[object]:
    found = results(name)
    windows = {result.window for result in found}
    warned = Counter(result.metric for result in found if result.verdict is Verdict.WARN)
    unknown = sum(result.verdict is Verdict.UNKNOWN for result in found)
    series = defaultdict(list)
    for result in found:
        if fingerprint(result).pages:
            series[result.metric, result.column].append(evaluation(result))
    incidents = []
    for (metric, column), evaluations in sorted(series.items()):
        for episode in fold(evaluations, Policy()).episodes:
            last = episode.last.start
            what = f"{metric} of {column}" if column else metric
            incidents.append(
                f"{what} {episode.since.start:%Y-%m-%d} to {last:%Y-%m-%d}, {episode.n_breaches} of {episode.n_windows}"
            )
    warnings = ", ".join(f"{metric} {count}" for metric, count in warned.most_common())
    return [
        name,
        len(windows),
        "<br>".join(incidents) or "none",
        warnings or "none",
        f"{unknown:,} of {len(found):,}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=STREAMS, default=[*STREAMS])
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    rows = []
    for name in options.only:
        rows.append(reported(name))
        print(rows[-1], flush=True)
    text = table(
        ["stream", "windows", "failing: since, to, windows", "warnings by metric", "unknown"], rows
    )
    print(text)
    if options.docs:
        put(PAGE, "real data", text)


if __name__ == "__main__":
    main()
