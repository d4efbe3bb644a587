"""Make the two example logs from the public tables that they come from.

    MONITORING_TEST_DATA=/path/to/tables python data/build.py

`data/README.md` says where the tables are from and what is real in the result. The script is kept
so that the shipped files can be made again; nothing in the product runs it.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sklearn.ensemble import HistGradientBoostingRegressor

HERE = Path(__file__).resolve().parent
ROWS_PER_DAY = 5_000
FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC)
DROPPED = ("employed", "year", "id")


def write(table: pa.Table, path: Path) -> None:
    steady = {"id", "ride_hour", "scored_at", "hour_start", "counted_at"}
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=100_000,
        use_dictionary=[name for name in table.column_names if name not in steady],
        column_encoding={
            name: "DELTA_BINARY_PACKED" for name in table.column_names if name in steady
        },
    )


def days(n: int, last: datetime) -> list[datetime]:
    """Row i of n lies on the day ``i // 5,000``; the rows end with the day before `last`."""
    count = -(-n // ROWS_PER_DAY)
    start = last - timedelta(days=count)
    step = timedelta(days=1) / ROWS_PER_DAY
    return [start + timedelta(days=i // ROWS_PER_DAY) + step * (i % ROWS_PER_DAY) for i in range(n)]


def census(source: Path) -> None:
    """Reference rows end on 2015-12-31, analysis rows begin on 2016-01-01, in published order."""
    reference = pq.read_table(source / "reference.parquet")
    analysis = pq.read_table(source / "analysis.parquet")
    targets = pq.read_table(source / "targets.parquet")
    n = analysis.num_rows
    scored = days(reference.num_rows, FIRST_DAY) + days(
        n, FIRST_DAY + timedelta(days=-(-n // ROWS_PER_DAY))
    )
    parts = [
        part.drop([c for c in DROPPED if c in part.column_names and c != "id"])
        for part in (reference, analysis)
    ]
    years = pa.chunked_array(
        [*reference["year"].chunks, *analysis["year"].chunks], type=pa.int64()
    ).to_pylist()
    rows = pa.concat_tables([part.select(parts[1].column_names) for part in parts])
    rows = rows.append_column("scored_at", pa.array(scored, pa.timestamp("us", tz="UTC")))
    rows = rows.append_column("surveyed", pa.array([date(year, 1, 1) for year in years]))
    write(rows, HERE / "census_employment" / "predictions.parquet")
    labels = pa.concat_tables(
        [
            reference.select(["id", "employed"]).cast(
                pa.schema([("id", pa.int64()), ("employed", pa.int8())])
            ),
            targets.select(["id", "employed"]).cast(
                pa.schema([("id", pa.int64()), ("employed", pa.int8())])
            ),
        ]
    )
    write(labels, HERE / "census_employment" / "labels.parquet")


def bike_sharing(source: Path) -> None:
    """Hourly rentals with the predictions of a model that was trained on January to May 2011."""
    table = pq.read_table(source / "hour.parquet")
    columns = ["season", "mnth", "hr", "holiday", "weekday", "workingday", "weathersit"]
    columns += ["temp", "atemp", "hum", "windspeed"]
    x = np.column_stack([table[name].to_numpy().astype(float) for name in columns])
    y = table["cnt"].to_numpy().astype(float)
    day = pc.cast(table["dteday"], pa.date32()).to_pylist()
    at = [
        datetime(d.year, d.month, d.day, hour)  # noqa: DTZ001 - local time, as published
        for d, hour in zip(day, table["hr"].to_pylist(), strict=True)
    ]
    train = np.array([moment < datetime(2011, 6, 1) for moment in at])  # noqa: DTZ001
    model = HistGradientBoostingRegressor(random_state=0, max_iter=300).fit(x[train], y[train])
    predicted = np.clip(np.round(model.predict(x), 1), 0, None)
    log = pa.table(
        {
            "ride_hour": pa.array(table["instant"].to_pylist(), pa.int64()),
            "hour_start": pa.array(at, pa.timestamp("s")),
            **{name: table[name] for name in columns},
            "predicted_rentals": pa.array(predicted),
        }
    )
    known = pa.array([moment + timedelta(hours=1) for moment in at], pa.timestamp("s"))
    labels = pa.table({"ride_hour": log["ride_hour"], "rentals": table["cnt"], "counted_at": known})
    keep = pc.greater_equal(log["hour_start"], pa.scalar(datetime(2011, 6, 1), pa.timestamp("s")))  # noqa: DTZ001
    write(log.filter(keep), HERE / "bike_sharing" / "predictions.parquet")
    write(labels.filter(keep), HERE / "bike_sharing" / "labels.parquet")


if __name__ == "__main__":
    tables = Path(os.environ["MONITORING_TEST_DATA"])
    census(tables / "nannyml_employment_ma")
    bike_sharing(tables / "bike_sharing")
