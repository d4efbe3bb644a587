"""Every way to write a log gives the same rows, each in one window; a broken one says why."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import fsspec
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect
from monitoring_pipelines.backends.duckdb.rows import select_rows
from monitoring_pipelines.config.source import Source
from monitoring_pipelines.domain.window import Cadence, windows_between
from monitoring_pipelines.errors import (
    MissingColumnError,
    SourceChangedError,
    SourceError,
    SourceNotFoundError,
    SourceUnreadableError,
    TimestampError,
)
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.pipeline.sources import Opened
from tests.pipeline.lab import Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEW_YORK = ZoneInfo("America/New_York")
SECRET = "hunter2"


def opened(root: Path, location: str, *, zone: str = "UTC", **more: Any) -> Opened:
    """A log with the columns ``id`` and ``at``."""
    roles = more.pop("roles", (("id", "id"), ("timestamp", "at")))
    source = Source(location=location, **more)
    return Opened(connect(), source, root, "predictions", roles, "at", zone)


def counts(log: Opened, cadence: Cadence, days: tuple[date, date], zone: ZoneInfo) -> list[int]:
    """Rows in each window from the first day to before the last one."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in days)
    windows = windows_between(start, end, cadence, zone)
    windows = [*windows]
    found = [select_rows(log.log(window), window, None).n_rows for window in windows]
    assert [log.count(window) for window in windows] == found
    return found


def told(root: Path, location: str, **more: Any) -> str:
    """The sentence that a broken log gives; no row of it may be quoted."""
    log = opened(root, location, **more)
    with pytest.raises(SourceError) as error:
        select_rows(log.log(None), None, "id")
    assert SECRET not in str(error.value)
    assert "Traceback" not in str(error.value)
    return str(error.value)


# --- the same rows in every format ---------------------------------------------------------------


def json_lines(log: pd.DataFrame) -> bytes:
    return log.to_json(orient="records", lines=True, date_format="iso", date_unit="us").encode()


def as_csv(log: pd.DataFrame) -> bytes:
    return log.to_csv(index=False).encode()


def write_parquet(root: Path, log: pd.DataFrame) -> str:
    log.to_parquet(root / "log.parquet")
    return "log.parquet"


def write_csv(root: Path, log: pd.DataFrame) -> str:
    (root / "log.csv").write_bytes(as_csv(log))
    return "log.csv"


def write_csv_gz(root: Path, log: pd.DataFrame) -> str:
    (root / "log.csv.gz").write_bytes(gzip.compress(as_csv(log)))
    return "log.csv.gz"


def write_semicolons(root: Path, log: pd.DataFrame) -> str:
    log.to_csv(root / "log.csv", index=False, sep=";")
    return "log.csv"


def write_jsonl(root: Path, log: pd.DataFrame) -> str:
    (root / "log.jsonl").write_bytes(json_lines(log))
    return "log.jsonl"


def write_jsonl_gz(root: Path, log: pd.DataFrame) -> str:
    (root / "log.jsonl.gz").write_bytes(gzip.compress(json_lines(log)))
    return "log.jsonl.gz"


def write_glob(root: Path, log: pd.DataFrame) -> str:
    (root / "daily").mkdir()
    for day, part in log.groupby(log["at"].dt.date):
        part.to_parquet(root / "daily" / f"{day}.parquet", index=False)
    return "daily/*.parquet"


def write_hive(root: Path, log: pd.DataFrame) -> str:
    for kind, part in log.groupby("kind"):
        folder = root / "log" / f"kind={kind}"
        folder.mkdir(parents=True)
        part.drop(columns="kind").to_parquet(folder / "part.parquet")  # with pandas' index
    return "log"


def write_url(_root: Path, log: pd.DataFrame) -> str:
    with fsspec.open("memory://sources-test/log.parquet", "wb") as file:
        log.to_parquet(file)
    return "memory://sources-test/*.parquet"


WRITERS = [
    write_csv,
    write_csv_gz,
    write_semicolons,
    write_jsonl,
    write_jsonl_gz,
    write_glob,
    write_hive,
    write_url,
]


def found(root: Path, predictions: dict[str, Any]) -> list[tuple[str, ...]]:
    """All results of two windows, but for what names the run and the configuration."""
    columns = {"id": "id", "timestamp": "at", "prediction_score": "score"}
    lab = Lab(root, declared(predictions={**predictions, "columns": columns}))
    lab.run(lab.day(2), lab.day(3))
    results = lab.results(latest=False)
    lab.store.engine.dispose()
    names = ("window", "metric", "column", "value", "low", "high", "n", "verdict", "reason")
    return sorted(tuple(str(getattr(result, name)) for name in names) for result in results)


@pytest.fixture
def log(tmp_path: Path) -> pd.DataFrame:
    """Four days with missing values, and labels in the project."""
    log = rows()
    labels_of(log, timedelta(hours=1)).to_parquet(tmp_path / "labels.parquet")
    log.loc[log.index % 7 == 0, "amount"] = None
    return log.drop(columns="label")


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_every_format_gives_the_same_results(
    tmp_path: Path, log: pd.DataFrame, write: Callable[[Path, pd.DataFrame], str]
) -> None:
    expected = found(tmp_path, {"location": write_parquet(tmp_path, log)})
    assert len(expected) > 50
    (tmp_path / "monitoring.db").unlink()
    assert found(tmp_path, {"location": write(tmp_path, log)}) == expected


@pytest.fixture
def table(postgres_database: str, log: pd.DataFrame) -> Iterator[str]:
    """The log as a table of a database."""
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE log (id bigint, at timestamptz, score float8, amount numeric, kind text)"
        )
        with connection.cursor().copy("COPY log FROM STDIN") as copy:
            for row in log.itertuples(index=False):
                copy.write_row([None if pd.isna(value) else value for value in row])
        yield postgres_database
        connection.execute("DROP TABLE log")


@pytest.mark.parametrize(
    "relation", [{"table": "log"}, {"table": "public.log"}, {"query": "SELECT * FROM log;"}]
)
def test_a_table_gives_the_same_results(
    tmp_path: Path, log: pd.DataFrame, table: str, relation: dict[str, str]
) -> None:
    expected = found(tmp_path, {"location": write_parquet(tmp_path, log)})
    (tmp_path / "monitoring.db").unlink()
    assert found(tmp_path, {"location": table, **relation}) == expected


# --- each row in one window ----------------------------------------------------------------------

# every quarter of an hour over both clock changes of New York in 2026
SPRING = (date(2026, 3, 7), date(2026, 3, 10))
AUTUMN = (date(2026, 10, 31), date(2026, 11, 3))


def instants(days: tuple[date, date]) -> pd.DatetimeIndex:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=NEW_YORK) for day in days)
    return pd.date_range(start.astimezone(UTC), end.astimezone(UTC), freq="15min", inclusive="left")


def written(at: pd.DatetimeIndex, kind: str) -> Any:
    seconds = [int(moment.timestamp()) for moment in at]
    return {
        "utc": lambda: at.as_unit("us"),
        "utc text": lambda: [moment.isoformat() for moment in at],
        "Z text": lambda: [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in at],
        "UTC text": lambda: [f"{moment:%Y-%m-%d %H:%M:%S} UTC" for moment in at],
        "offset text": lambda: [moment.isoformat() for moment in at.tz_convert(NEW_YORK)],
        "s": lambda: seconds,
        "ms": lambda: [second * 1_000 for second in seconds],
        "us": lambda: [second * 1_000_000 for second in seconds],
        "ns": lambda: [second * 1_000_000_000 for second in seconds],
        "float s": lambda: [second + 0.25 for second in seconds],
    }[kind]()


KINDS = ["utc", "utc text", "Z text", "UTC text", "offset text", "s", "ms", "us", "ns", "float s"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("days", "hours"), [(SPRING, (24, 23, 24)), (AUTUMN, (24, 25, 24))])
def test_instants_fall_into_their_local_windows(
    tmp_path: Path, kind: str, days: tuple[date, date], hours: tuple[int, ...]
) -> None:
    at = instants(days)
    pd.DataFrame({"id": range(len(at)), "at": written(at, kind)}).to_parquet(
        tmp_path / "log.parquet"
    )
    log = opened(tmp_path, "log.parquet", zone="America/New_York")
    assert counts(log, Cadence.DAY, days, NEW_YORK) == [4 * n for n in hours]
    assert counts(log, Cadence.HOUR, days, NEW_YORK) == [4] * sum(hours)


@pytest.mark.parametrize("kind", ["timestamp", "text", "csv"])
@pytest.mark.parametrize("days", [SPRING, AUTUMN])
def test_local_times_are_each_in_one_window(
    tmp_path: Path, kind: str, days: tuple[date, date]
) -> None:
    """The hour that a change skips or repeats is in one of its neighbours, never in two."""
    naive = pd.date_range(days[0], days[1], freq="15min", inclusive="left").as_unit("us")
    log = pd.DataFrame({"id": range(len(naive)), "at": naive})
    if kind == "text":
        log["at"] = [moment.isoformat() for moment in naive]
    if kind == "csv":
        log.to_csv(tmp_path / "log.csv", index=False)
    else:
        log.to_parquet(tmp_path / "log.parquet")
    source = opened(
        tmp_path, "log.csv" if kind == "csv" else "log.parquet", zone="America/New_York"
    )
    assert counts(source, Cadence.DAY, days, NEW_YORK) == [96, 96, 96]
    hourly = counts(source, Cadence.HOUR, days, NEW_YORK)
    assert sum(hourly) == 288
    assert set(hourly) <= {0, 4, 8}


def test_the_zone_of_a_log_is_not_that_of_the_windows(tmp_path: Path) -> None:
    naive = pd.date_range("2026-01-01", periods=48, freq="h").as_unit("us")
    pd.DataFrame({"id": range(48), "at": naive}).to_parquet(tmp_path / "log.parquet")
    log = opened(tmp_path, "log.parquet", zone="America/New_York", timezone="UTC")
    days = (date(2025, 12, 31), date(2026, 1, 3))
    # midnight in New York is five in the morning of the log
    assert counts(log, Cadence.DAY, days, NEW_YORK) == [5, 24, 19]


def test_a_date_is_a_local_midnight(tmp_path: Path) -> None:
    days = [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 8), date(2026, 3, 9)]
    table = pa.table({"id": range(4), "at": pa.array(days, pa.date32())})
    pq.write_table(table, tmp_path / "log.parquet")
    log = opened(tmp_path, "log.parquet", zone="America/New_York")
    assert counts(log, Cadence.DAY, SPRING, NEW_YORK) == [1, 2, 1]


def test_day_and_month_of_a_csv_are_not_guessed(tmp_path: Path) -> None:
    """01/02/2026 is January or February; DuckDB by itself would take one of them."""
    (tmp_path / "log.csv").write_text("id,at\n1,01/02/2026 13:00:00\n2,01/03/2026 14:00:00\n")
    assert told(tmp_path, "log.csv") == (
        "No text in column 'at' of 'log.csv' is a time in ISO 8601 (2026-11-05T13:00:00+01:00); "
        "convert it, or give another column."
    )


def test_a_zero_among_epochs_does_not_tell_their_unit(tmp_path: Path) -> None:
    noon = int(datetime(2026, 3, 7, 12, tzinfo=NEW_YORK).timestamp())
    log = pd.DataFrame({"id": [1, 2, 3, 4], "at": [0, noon, noon + 1, noon + 2]})
    log.to_parquet(tmp_path / "log.parquet")
    source = opened(tmp_path, "log.parquet", zone="America/New_York")
    assert counts(source, Cadence.DAY, SPRING, NEW_YORK) == [3, 0, 0]


# --- what is broken says so ----------------------------------------------------------------------


def test_a_missing_column_is_answered_with_the_likely_one(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1], "att": [SECRET]}).to_parquet(tmp_path / "log.parquet")
    assert told(tmp_path, "log.parquet") == (
        "Column 'at' (`timestamp`) is not in 'log.parquet'. Did you mean 'att'? Known: att, id."
    )


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="No file or table at 'nowhere/x.parquet'"):
        opened(tmp_path, "nowhere/x.parquet").log(None)


def test_a_misspelt_file(tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_bytes(b"x")
    assert told(tmp_path, "lgo.parquet") == (
        "No file or table at 'lgo.parquet' (Did you mean 'log.parquet'?). "
        "Check `location`; a relative path is taken from the project folder."
    )


@pytest.mark.parametrize("content", [b"", b"PAR1", SECRET.encode() * 50])
def test_a_file_that_is_no_parquet(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log.parquet").write_bytes(content)
    assert told(tmp_path, "log.parquet") == (
        "'log.parquet' cannot be read: not a Parquet file, or one that is not completely written "
        f"in '{tmp_path / 'log.parquet'}'."
    )


def test_a_truncated_parquet(tmp_path: Path) -> None:
    pd.DataFrame({"id": range(9_999), "at": 1}).to_parquet(tmp_path / "log.parquet")
    whole = (tmp_path / "log.parquet").read_bytes()
    (tmp_path / "log.parquet").write_bytes(whole[: len(whole) // 2])
    assert "one that is not completely written" in told(tmp_path, "log.parquet")


def test_a_damaged_parquet(tmp_path: Path) -> None:
    pd.DataFrame({"id": range(99_999), "at": 1_767_225_600}).to_parquet(tmp_path / "log.parquet")
    damaged = bytearray((tmp_path / "log.parquet").read_bytes())
    damaged[1_000:3_000] = bytes(range(250)) * 8
    (tmp_path / "log.parquet").write_bytes(damaged)
    assert "damaged Parquet data" in told(tmp_path, "log.parquet")


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_an_empty_text_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    expected = f"'{name}' cannot be read: the file is empty, without even a header."
    assert told(tmp_path, name) == expected


@pytest.mark.parametrize("write", [write_csv, write_jsonl], ids=["csv", "jsonl"])
def test_an_empty_text_file_among_others_holds_no_rows(
    tmp_path: Path, write: Callable[[Path, pd.DataFrame], str]
) -> None:
    name = write(tmp_path, rows(n_days=1))
    suffix = name.split(".")[-1]
    (tmp_path / f"a.{suffix}").write_bytes(b"")
    log = opened(tmp_path, f"*.{suffix}").log(None)
    assert select_rows(log, None, None).n_rows == 40
    assert log.columns["id"] == "BIGINT"


@pytest.mark.parametrize("write", [write_csv_gz, write_jsonl_gz], ids=["csv", "jsonl"])
@pytest.mark.parametrize("keep", [-20, 40])
def test_damaged_gzip(
    tmp_path: Path, write: Callable[[Path, pd.DataFrame], str], keep: int
) -> None:
    name = write(tmp_path, rows())
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:keep])
    assert told(tmp_path, name).startswith(f"'{name}' cannot be read: damaged gzip data")


def test_a_file_that_only_its_name_calls_gzip(tmp_path: Path) -> None:
    (tmp_path / "log.csv.gz").write_text(f"id,at\n1,{SECRET}\n")
    assert told(tmp_path, "log.csv.gz") == "'log.csv.gz' cannot be read: damaged gzip data."


def test_a_malformed_json_line(tmp_path: Path) -> None:
    lines = [json.dumps({"id": i, "at": "2026-01-01T00:00:00Z"}) for i in range(5)]
    lines[3] = f'{{"id": 3, "at": "{SECRET}"'
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n")
    sentence = told(tmp_path, "log.jsonl")
    assert sentence.startswith("'log.jsonl' cannot be read: malformed JSON in ")
    assert "at line 4" in sentence


@pytest.mark.parametrize("n_rows", [3, 50, 30_000])
@pytest.mark.parametrize("ragged", [f"7,{SECRET}", f"7,{SECRET},x,y", f'7,"{SECRET}'])
def test_a_ragged_csv_line(tmp_path: Path, n_rows: int, ragged: str) -> None:
    """DuckDB by itself takes such a file for one wide column, or skips its first lines."""
    body = "".join(f"{i},2026-01-01T00:00:00Z,{i}\n" for i in range(n_rows))
    (tmp_path / "log.csv").write_text(f"id,at,x\n{body}{ragged}\n")
    sentence = told(tmp_path, "log.csv")
    assert sentence.startswith(
        "'log.csv' cannot be read: a line that does not fit the other lines of the CSV"
    )
    assert f"at line {n_rows + 2}" in sentence


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"id,at\n1,2026-01-01T00:00:00Z\n2,\xff\xfe\n")
    assert "text that is not UTF-8" in told(tmp_path, "log.csv")


def test_two_schemas_in_one_glob_are_one_table(tmp_path: Path) -> None:
    first, second = rows(n_days=1), rows(n_days=1)
    first.to_parquet(tmp_path / "a.parquet")
    second["extra"] = 1.5
    second["amount"] = [str(value) for value in second["amount"][:-1]] + ["n/a"]
    second.to_parquet(tmp_path / "b.parquet")
    log = opened(tmp_path, "*.parquet").log(None)
    assert select_rows(log, None, None).n_rows == 80
    # a column that some files type as text is text, and a value that is no number is told as such
    assert (log.columns["extra"], log.columns["amount"]) == ("DOUBLE", "VARCHAR")


def test_types_that_cannot_be_one_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "at": [1_767_225_600]}), tmp_path / "a.parquet")
    nested = pa.table({"id": [{"key": SECRET}], "at": [1_767_225_600]})
    pq.write_table(nested, tmp_path / "b.parquet")
    assert told(tmp_path, "*.parquet").startswith(
        "'*.parquet' cannot be read: its files have columns of one name and types that do not fit"
    )


def test_json_of_two_types_is_text_as_in_a_csv(tmp_path: Path) -> None:
    lines = ['{"id": 1, "at": 1, "x": 2.5}', '{"id": 2, "at": 1, "x": "a"}']
    (tmp_path / "log.jsonl").write_text("\n".join(lines))
    source = opened(tmp_path, "log.jsonl")
    source.time = None
    found = source.log(None)
    assert found.columns["x"] == "VARCHAR"
    assert found.query(f"SELECT x FROM {found.view} ORDER BY id") == [("2.5",), ("a",)]


def test_a_column_that_is_no_time(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1], "at": [True]}).to_parquet(tmp_path / "log.parquet")
    assert told(tmp_path, "log.parquet") == (
        "Column 'at' of 'log.parquet' has the type BOOLEAN, which is no time. "
        "Give a timestamp, a date, an ISO 8601 text or an epoch."
    )


def test_text_that_is_no_time(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1], "at": [SECRET]}).to_parquet(tmp_path / "log.parquet")
    assert told(tmp_path, "log.parquet").startswith(
        "No text in column 'at' of 'log.parquet' is a time in ISO 8601"
    )


def test_a_year_is_no_time(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1], "at": [2016]}).to_parquet(tmp_path / "log.parquet")
    with pytest.raises(TimestampError, match="numbers in column 'at' are no epoch between"):
        opened(tmp_path, "log.parquet").log(None)


@pytest.mark.parametrize("unreadable", ["soon", None])
def test_rows_without_a_time_are_counted(lab: Lab, unreadable: str | None) -> None:
    log = rows()
    log["at"] = [moment.isoformat() for moment in log["at"]]
    log.loc[[3, 50, 90], "at"] = unreadable
    lab.write(log)
    lab.at_once(lab.day(2), lab.day(3))
    for day in (2, 3):
        result = lab.one(lab.day(day), "undated_rows")
        assert (result.value, result.verdict.value) == (3, "warn")
        assert result.reason == "3 rows have no readable time and are in no window"
    assert lab.one(lab.day(2), "volume").value == 39


def test_text_that_is_unreadable_in_front_is_read_all_the_same(tmp_path: Path) -> None:
    at = ["soon"] * 5_000 + ["2026-03-07T12:00:00Z"]
    pd.DataFrame({"id": range(5_001), "at": at}).to_parquet(tmp_path / "log.parquet")
    source = opened(tmp_path, "log.parquet", zone="America/New_York")
    assert counts(source, Cadence.DAY, SPRING, NEW_YORK) == [1, 0, 0]
    assert source.undated_rows() == 5_000


def test_every_row_with_a_time_is_said(lab: Lab) -> None:
    lab.write(rows())
    lab.at_once(lab.day(2))
    result = lab.one(lab.day(2), "undated_rows")
    assert (result.verdict.value, result.reason) == ("ok", "every row of the log has a time")


@pytest.mark.parametrize("broken", [False, True])
def test_of_a_file_that_is_replaced_while_it_is_read_nothing_is_stored(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    lab.write(rows())
    from monitoring_pipelines.pipeline import run

    real = run.volume_results

    def replaced(*given: Any) -> Any:
        if broken:
            (lab.root / "log.parquet").write_bytes(b"half a file")
            raise SourceUnreadableError("log.parquet", "half a file")
        rows(seed=1).to_parquet(lab.root / "log.parquet")
        return real(*given)

    monkeypatch.setattr(run, "volume_results", replaced)
    with pytest.raises(SourceChangedError) as error:
        lab.at_once(lab.day(2))
    assert str(error.value) == (
        "'log.parquet' changed while it was read, so nothing was stored. "
        "Run the window again; writers should write elsewhere and rename."
    )
    assert lab.results() == []
    with lab.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM summaries").scalar() == 0


def test_a_run_goes_on_after_a_file_changed(lab: Lab) -> None:
    lab.write(rows())
    with Monitor.open(lab.model, lab.store, now=lab.now, run_id="run") as monitor:
        monitor.at_once(lab.day(2))
        stamp = (lab.root / "log.parquet").stat().st_mtime + 5
        rows(per_day=50).to_parquet(lab.root / "log.parquet")
        os.utime(lab.root / "log.parquet", (stamp, stamp))
        with pytest.raises(SourceChangedError):
            monitor.at_once(lab.day(3))
        monitor.at_once(lab.day(3))
    assert lab.one(lab.day(3), "volume").value == 50


def test_a_file_that_is_added_meanwhile_changes_nothing_that_was_read(tmp_path: Path) -> None:
    rows(n_days=1).to_parquet(tmp_path / "a.parquet")
    log = opened(tmp_path, "*.parquet")
    log.log(None)
    before = log.version
    rows(n_days=1).to_parquet(tmp_path / "b.parquet")
    log.check_unchanged()
    assert log.version != before
    (tmp_path / "a.parquet").unlink()
    with pytest.raises(SourceChangedError):
        log.check_unchanged()


# --- databases -----------------------------------------------------------------------------------


def test_an_unreachable_database_does_not_show_its_password(tmp_path: Path) -> None:
    url = f"postgresql://reader:{SECRET}@127.0.0.1:1/warehouse"
    sentence = told(tmp_path, url, table="log")
    assert sentence.startswith("'postgresql://reader:***@127.0.0.1:1/warehouse log' cannot be read")
    assert "onnection refused" in sentence


def test_a_missing_table(tmp_path: Path, postgres_database: str) -> None:
    with pytest.raises(SourceNotFoundError, match="there is no such table"):
        opened(tmp_path, postgres_database, table="nothing").log(None)


def test_a_missing_column_of_a_table(tmp_path: Path, table: str) -> None:
    roles = (("id", "idd"), ("timestamp", "at"))
    with pytest.raises(MissingColumnError, match=r"'idd' \(`id`\).*Did you mean 'id'\?"):
        opened(tmp_path, table, table="log", roles=roles).log(None)


def test_a_query_that_is_wrong(tmp_path: Path, table: str) -> None:
    with pytest.raises(SourceUnreadableError, match='column "nothing" does not exist'):
        opened(tmp_path, table, query="SELECT nothing FROM log").log(None)


def test_rows_of_a_table_without_a_time_are_counted(tmp_path: Path, table: str) -> None:
    with psycopg.connect(table, autocommit=True) as connection:
        connection.execute("INSERT INTO log VALUES (-1, NULL, 0.5, 1, 'a')")
    assert opened(tmp_path, table, table="log").undated_rows() == 1


def test_a_query_cannot_write(tmp_path: Path, table: str) -> None:
    query = "DELETE FROM log RETURNING *"
    with pytest.raises(SourceUnreadableError):
        opened(tmp_path, table, query=query).log(None)
    with psycopg.connect(table) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (160,)


@pytest.mark.parametrize(("zone", "sure"), [("UTC", True), ("America/New_York", False)])
def test_rows_of_a_table_are_counted_where_its_bounds_are_exact(
    tmp_path: Path, postgres_database: str, zone: str, sure: bool
) -> None:
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE log AS SELECT i AS id, timestamp '2026-01-01' + i * interval '1 hour' "
            "AS at FROM generate_series(0, 99) AS i"
        )
    log = opened(tmp_path, postgres_database, zone=zone, table="log")
    start = datetime(2026, 1, 2, tzinfo=ZoneInfo(zone))
    [window] = windows_between(start, start + timedelta(hours=5), Cadence.DAY, ZoneInfo(zone))
    assert log.count(window) == (24 if sure else None)
    assert select_rows(log.log(window), window, None).n_rows == 24
