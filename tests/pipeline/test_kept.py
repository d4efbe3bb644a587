"""What a run keeps in memory, and what it stores for others."""

from __future__ import annotations

from datetime import timedelta

from monitoring_pipelines.pipeline.kept import NOT_STORED, Kept
from monitoring_pipelines.pipeline.run import Monitor
from monitoring_pipelines.store.summaries import get_segments
from tests.pipeline.lab import LATER, Lab, declared, labels_of, rows

ROLLING = {"reference": {"rolling": 2}, "start": "2026-01-03"}


def test_a_long_run_does_not_keep_its_windows_in_memory(lab: Lab) -> None:
    log = rows(n_days=6)
    lab.config = declared(**ROLLING)
    lab.write(log, labels_of(log, timedelta(hours=1)))
    with Monitor.open(lab.model, lab.store, now=LATER, run_id="run") as monitor:
        for number in (2, 3, 4, 5):
            monitor.at_once(lab.day(number))
            monitor.performance(lab.day(number))
        kinds = {key.kind for key in monitor.references._kept._known}
    assert kinds <= {"binning", "reference_table", "reference_labelled"}


def test_only_what_is_kept_is_stored(lab: Lab) -> None:
    log = rows(n_days=3)
    lab.write(log, labels_of(log, timedelta(hours=1)))
    window = lab.day(2)
    with Monitor.open(lab.model, lab.store, now=LATER, run_id="run") as monitor:
        table = monitor.reader.table(
            monitor.reader.rows(monitor.reader.predictions, window), monitor.references.binning()
        )
        kept = Kept(monitor.reader, lab.store)
        stored, of_this_run = (kept.key(kind, window) for kind in ("table", NOT_STORED))
        dropped = kept.key("table", window, split="another")
        kept.put(dropped, {"": table})
        kept.forget()
        for key in (stored, of_this_run):
            kept.put(key, {"": table})
        kept.keep()
        assert kept.get(of_this_run) is table
        assert kept.get(dropped) is None
        other = Kept(monitor.reader, lab.store)
        assert other.get(stored) == table
        assert other.get(of_this_run) is None
    with lab.store.read() as connection:
        assert [*get_segments(connection, stored)] == [""]
