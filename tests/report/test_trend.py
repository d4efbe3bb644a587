"""Points stand where they are by hand, gaps are gaps, and statuses have different shapes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from monitoring_pipelines.domain.result import Status
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.report.slots import slots
from monitoring_pipelines.report.trend import Course, spark, trend
from tests.report.samples import day, days, result

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result


def drawn(n: int, *results: Result, **more: Any) -> ElementTree.Element:
    course = Course(
        name="roc_auc", slots=slots(days(n)), realised={r.window: r for r in results}, **more
    )
    return ElementTree.fromstring(str(trend(course, UTC)))


def points(root: ElementTree.Element, kind: str) -> list[list[tuple[float, float]]]:
    return [
        [tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()]
        for line in root
        if line.attrib.get("class") == kind
    ]


def test_coordinates_by_hand() -> None:
    # four days share 720 - 64 - 56 = 600 units, so their middles are 64 + 75, 225, 375, 525;
    # 1 to 2 with 8 % of room is 0.92 to 2.08 over 270 - 34 - 14 = 222 units, upwards from 236
    root = drawn(4, result(0, value=1.0), result(1, value=2.0), result(3, value=1.5))
    low, high = 236 - 222 * 0.08 / 1.16, 236 - 222 * 1.08 / 1.16
    first, last = points(root, "final")
    assert first == [pytest.approx((139, low), abs=0.06), pytest.approx((289, high), abs=0.06)]
    assert last == [pytest.approx((589, 236 - 222 * 0.58 / 1.16), abs=0.06)]  # alone after the gap
    dots = [one for one in root if one.attrib.get("class") == "m dot"]
    assert [float(one.attrib["cx"]) for one in dots] == [139, 289, 589]
    assert dots[0][0].text == "2026-03-01 00:00: 1, final, ok"
    assert root.attrib["aria-label"] == (
        "roc_auc, 2026-03-01 to 2026-03-04: from 1 to 2, newest 1.5"
    )


def test_intervals_reference_and_limit() -> None:
    one = result(0, value=0.8, low=0.7, high=0.9, reference_value=0.9, tolerance=0.02)
    root = drawn(1, one)
    [band], [usual], [limit] = (points(root, kind) for kind in ("band", "usual", "limit"))
    heights = sorted({y for _, y in band})
    assert usual[0][1] == pytest.approx(heights[0])  # the interval ends at the reference
    per_unit = (heights[1] - heights[0]) / 0.2
    assert limit[0][1] - usual[0][1] == pytest.approx(0.02 * per_unit, abs=0.1)


def test_statuses_and_verdicts_differ_in_shape() -> None:
    root = drawn(
        5,
        result(0),
        result(1, status=Status.PROVISIONAL),
        result(2, verdict=Verdict.FAIL),
        result(3, verdict=Verdict.WARN),
        estimated={day(4): result(4, status=Status.ESTIMATED)},
    )
    shapes = {(e.tag, e.attrib["class"]) for e in root if e.attrib.get("class", "")[:2] == "m "}
    assert shapes == {
        ("circle", "m dot"),
        ("circle", "m open"),
        ("path", "m fail"),
        ("polygon", "m warn"),
        ("polygon", "m est"),
    }
    kinds = [e.attrib["class"] for e in root if e.tag == "polyline"]
    assert kinds == ["estimated", "provisional", "provisional", "final"]


def test_a_long_history_marks_only_what_is_not_ok() -> None:
    bad = result(700, verdict=Verdict.FAIL, value=0.5)
    root = drawn(1000, *(result(n) for n in range(1000) if n != 700), bad)
    assert len([e for e in root if e.attrib.get("class", "")[:2] == "m "]) == 1
    [line] = points(root, "final")
    assert len(line) == 334  # three windows each


def test_versions_nothing_and_a_small_one() -> None:
    root = drawn(2, result(0), result(1), marks={day(1): "v<2>"})
    [mark] = [e for e in root if e.attrib.get("class") == "version"]
    assert mark[0].text == "model version v<2>"
    assert drawn(3).attrib["aria-label"] == "roc_auc: no value"
    assert drawn(0).attrib["aria-label"] == "roc_auc: no value"
    results = {r.window: r for r in (result(0), result(1, verdict=Verdict.FAIL))}
    small = spark(Course(name="x", slots=slots(days(2)), realised=results), UTC)
    assert "; 1 fail" in ElementTree.fromstring(str(small)).attrib["aria-label"]
