"""Where a replay takes its history from; what it makes of it is tested with `mlmon replay`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.pipeline.replaying import judged_again, stored_history
from tests.pipeline.lab import declared, labels_of, rows

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result
    from tests.pipeline.lab import Lab


def _told(results: list[Result] | None) -> list[tuple[object, ...]]:
    assert results is not None
    return [(r.window, r.metric, r.column, r.segment, r.as_of, r.verdict) for r in results]


def test_windows_judged_again_are_the_stored_ones_and_stay_out_of_the_store(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(hours=1)))
    windows = [lab.day(2), lab.day(3)]
    again = judged_again(lab.model, windows, lab.now)
    assert lab.results() == []
    lab.run(*windows)
    assert _told(stored_history(lab.model, lab.store, windows)) == _told(again)


def test_a_window_that_was_not_judged_by_this_configuration_has_no_history(lab: Lab) -> None:
    log = rows()
    lab.write(log, labels_of(log, timedelta(hours=1)))
    lab.run(lab.day(2))
    assert stored_history(lab.model, lab.store, [lab.day(2), lab.day(3)]) is None
    lab.run(lab.day(3))
    lab.config = declared(performance={"tolerance": 0.5})
    assert stored_history(lab.model, lab.store, [lab.day(2), lab.day(3)]) is None
