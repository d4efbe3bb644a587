"""A folded history keeps every window, and shows the worst."""

from __future__ import annotations

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.slots import slots, worst_of
from tests.report.samples import day, days, result


def test_every_window_once_and_in_order() -> None:
    for n in (0, 1, 399, 400, 401, 1000):
        found = slots(days(n))
        assert [window for slot in found for window in slot.windows] == days(n)
        assert len(found) <= 400
    assert (slots(days(3))[1].start, slots(days(3))[1].end) == (day(1).start, day(1).end)


def test_the_worst_of_a_slot() -> None:
    results = {
        day(0): result(0, value=0.7, reference_value=0.9),  # ok, but far off
        day(1): result(1, value=0.88, reference_value=0.9, verdict=Verdict.FAIL),
        day(2): result(2, value=0.89, reference_value=0.9),
        day(3): result(3, value=0.85, reference_value=0.9),
        day(4): result(4, value=None, verdict=Verdict.UNKNOWN),
    }
    found = worst_of(slots(days(8), 4), results)
    assert found == [results[day(1)], results[day(3)], None, None]
