"""What a window is compared with: read once, the same in any order, and true over clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from monitoring_pipelines.backends.duckdb import log as engine
from monitoring_pipelines.pipeline.compared import earlier
from monitoring_pipelines.pipeline.reading import Reader
from monitoring_pipelines.pipeline.run import Monitor
from tests.pipeline.lab import LATER, Lab, declared, labels_of, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

ROLLING = {"reference": {"rolling": 2}, "start": "2026-01-03"}


def daily_files(lab: Lab, log: pd.DataFrame) -> None:
    folder = lab.root / "daily"
    folder.mkdir()
    for day, part in log.drop(columns="label").groupby(log["at"].dt.date):
        part.to_parquet(folder / f"{day}.parquet", index=False)
    labels_of(log, timedelta(hours=1)).to_parquet(lab.root / "labels.parquet")


def test_a_fixed_period_is_read_once(lab: Lab) -> None:
    """Its files may go once the first window has been judged."""
    columns = {"id": "id", "timestamp": "at", "prediction_score": "score"}
    lab.config = declared(predictions={"location": "daily/*.parquet", "columns": columns})
    daily_files(lab, rows())
    lab.run(lab.day(2))
    for name in ("2026-01-01", "2026-01-02"):
        (lab.root / "daily" / f"{name}.parquet").unlink()
    lab.run(lab.day(3))
    for metric in ("volume", "roc_auc"):
        second, first = lab.one(lab.day(3), metric), lab.one(lab.day(2), metric)
        assert second.reference_value == first.reference_value
    assert lab.one(lab.day(3), "volume").reference_value == 40


def test_a_given_file_is_read_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows()
    lab.config = declared(reference={"location": "given.parquet"}, start="2026-01-03")
    lab.write(log, labels_of(log, timedelta(hours=1)))
    rows(n_days=1, per_day=500, seed=9).to_parquet(lab.root / "given.parquet")
    lab.run(lab.day(2))
    opened: list[str] = []
    real = engine.duckdb.DuckDBPyConnection.execute
    monkeypatch.setattr(
        Reader, "rows", _spied(Reader.rows, lambda source: opened.append(source.view))
    )
    lab.run(lab.day(3))
    assert real is engine.duckdb.DuckDBPyConnection.execute
    assert set(opened) == {"predictions"}
    first, second = lab.one(lab.day(2), "roc_auc"), lab.one(lab.day(3), "roc_auc")
    assert first.reference_value == second.reference_value is not None


def _spied(real: Any, tell: Any) -> Any:
    def rows(self: Reader, opened: Any, window: Any) -> Any:
        tell(opened)
        return real(self, opened, window)

    return rows


def test_another_file_at_the_same_place_is_another_reference(lab: Lab) -> None:
    log = rows()
    lab.config = declared(reference={"location": "given.parquet"}, start="2026-01-03")
    lab.write(log, labels_of(log, timedelta(hours=1)))
    rows(n_days=1, per_day=500, seed=9).to_parquet(lab.root / "given.parquet")
    lab.run(lab.day(2))
    before = lab.one(lab.day(2), "roc_auc").reference_value
    rows(n_days=1, per_day=600, seed=10).to_parquet(lab.root / "given.parquet")
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "roc_auc").reference_value != before


@pytest.mark.parametrize("reference", [{"rolling": 3}, {"same_weekday": 1}])
def test_moving_references_do_not_depend_on_the_order_of_windows(
    tmp_path: Path, reference: dict[str, int]
) -> None:
    log = rows(n_days=12)
    dumps = []
    for name, order in (("a", [8, 9, 10, 11]), ("b", [11, 9, 10, 8]), ("c", [10, 11, 8, 9])):
        (tmp_path / name).mkdir()
        lab = Lab(tmp_path / name, declared(reference=reference, start="2026-01-09"))
        lab.write(log, labels_of(log, timedelta(days=3)))
        lab.run(*(lab.day(number) for number in order))
        dumps.append(lab.dump())
        lab.store.engine.dispose()
    assert dumps[0] == dumps[1] == dumps[2]


def test_a_rolling_reference_is_the_sum_of_the_windows_before(lab: Lab) -> None:
    log = rows(n_days=5)
    log = log.drop(log.index[:10])  # the first day has 30 rows
    lab.config = declared(**ROLLING)
    lab.write(log, labels_of(log, timedelta(hours=1)))
    lab.run(lab.day(2), lab.day(4))
    assert lab.one(lab.day(2), "volume").reference_value == 35
    assert lab.one(lab.day(4), "volume").reference_value == 40


def test_a_window_that_was_labelled_in_part_is_read_again_as_a_reference(lab: Lab) -> None:
    """A provisional summary of an earlier run must not be taken for the whole truth."""
    log = rows(n_days=5)
    lab.config = declared(**ROLLING)
    lab.write(log, labels_of(log, timedelta(days=2)))
    lab.now = datetime(2026, 1, 5, tzinfo=UTC)
    lab.run(lab.day(3))
    lab.now = LATER
    lab.run(lab.day(4))
    after = lab.one(lab.day(4), "label_coverage").reference_value
    assert after == 1.0


def test_rows_that_came_late_are_seen_as_a_reference(lab: Lab) -> None:
    log = rows(n_days=5)
    lab.config = declared(**ROLLING)
    late = log["at"].dt.day == 2
    lab.write(log[~late], labels_of(log, timedelta(hours=1)))
    lab.run(lab.day(2))
    lab.write(log, labels_of(log, timedelta(hours=1)))
    lab.run(lab.day(2))
    assert lab.one(lab.day(2), "volume").reference_value == 40


@pytest.mark.parametrize(
    ("day", "expected"),
    # the 29th of March 2026 and the 25th of October are Sundays on which Berlin's clocks change
    [((2026, 4, 1), 7), ((2026, 10, 28), 7)],
)
def test_the_same_weekday_and_hour_is_local(
    lab: Lab, day: tuple[int, int, int], expected: int
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(*day, tzinfo=zone)
    lab.config = declared(
        reference={"same_weekday": 2}, start=start, window="hour", timezone="Europe/Berlin"
    )
    window = lab.model.window(start.replace(hour=9))
    found = earlier(lab.config, window)
    weeks = [(window.start - timedelta(weeks=week)).date() for week in (1, 2)]
    assert [at.start.astimezone(zone).date() for at in found] == weeks
    assert {at.start.astimezone(zone).hour for at in found} == {9}
    assert (window.start.date() - found[0].start.astimezone(zone).date()).days == expected


def test_without_rows_in_the_reference_nothing_is_ok(lab: Lab) -> None:
    log = rows()
    lab.config = declared(reference={"start": "2025-01-01", "end": "2025-01-03"})
    lab.write(log, labels_of(log, timedelta(hours=1)))
    lab.run(lab.day(2))
    found = {result.metric: result for result in lab.results()}
    judged = {
        name: result.verdict.value
        for name, result in found.items()
        if name
        not in {
            "undated_rows",
            "label_coverage",
            "staleness",
            "late_rows",
            "row_order",
            "repeated_ids",
        }
    }
    assert set(judged.values()) == {"unknown"}
    assert found["schema"].reason == "no value in the reference period"
    assert found["drift"].reason == "there is no reference to compare with yet"


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    log = rows(per_day=60)
    dumps = []
    for name, order in (("a", None), ("b", np.random.default_rng(0).permutation(len(log)))):
        (tmp_path / name).mkdir()
        lab = Lab(tmp_path / name)
        one = log if order is None else log.iloc[order].reset_index(drop=True)
        lab.write(one, labels_of(one, timedelta(hours=1)))
        lab.run(lab.day(2), lab.day(3))
        dumps.append(lab.dump())
        lab.store.engine.dispose()
    assert dumps[0] == dumps[1]


def test_windows_before_another_are_monitored_ones_with_rows(lab: Lab) -> None:
    log = rows(n_days=6)
    lab.write(log[log["at"].dt.day != 4], labels_of(log, timedelta(hours=1)))
    with Monitor.open(lab.model, lab.store, now=LATER, run_id="run") as monitor:
        references = monitor.references
        binning = references.binning()

        def starts(number: int) -> list[int]:
            tables = references.before(lab.day(number), binning, 3)
            return [table.first.day for table in tables if table.first]

        assert starts(5) == [5, 3]  # the newest first, and the fourth has no rows
        assert starts(2) == []  # before it lies the reference
