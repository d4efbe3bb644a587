"""A bar for every judged window, the taller the worse."""

from __future__ import annotations

from datetime import UTC
from xml.etree import ElementTree

from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.slots import slots
from monitoring_pipelines.report.strip import HEIGHT, WIDTH, strip
from tests.report.samples import day, days


def test_bars_stand_in_their_place() -> None:
    verdicts = {day(0): Verdict.OK, day(1): Verdict.FAIL, day(3): Verdict.UNKNOWN}
    root = ElementTree.fromstring(str(strip(slots(days(4)), verdicts, "Data", UTC)))
    assert root.attrib["aria-label"] == "Data: 1 ok, 1 fail, 1 unknown"
    bars = [(float(b.attrib["x"]), float(b.attrib["height"]), b.attrib["class"]) for b in root]
    step = WIDTH / 4
    assert bars == [(1, 6, "b ok"), (step + 1, HEIGHT, "b fail"), (3 * step + 1, 11, "b unknown")]
    assert root[1][0].text == "2026-03-02: fail"


def test_a_folded_bar_is_the_worst_and_nothing_is_said() -> None:
    verdicts = {day(n): Verdict.WARN if n == 5 else Verdict.OK for n in range(10)}
    root = ElementTree.fromstring(str(strip(slots(days(10), 2), verdicts, "Data", UTC)))
    assert [bar.attrib["class"] for bar in root] == ["b ok", "b warn"]
    assert "nothing judged" in str(strip([], {}, "Data", UTC))
