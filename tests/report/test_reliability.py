"""The diagram's points by hand."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from monitoring_pipelines.report.reliability import LEFT, SIDE, TOP, reliability
from monitoring_pipelines.summaries.score_table import ScoreTable


def table(*rows: tuple[float, int, int]) -> ScoreTable:
    scores, negatives, positives = (np.array(column) for column in zip(*rows, strict=True))
    return ScoreTable(scores, negatives, positives)


def test_points_are_where_the_numbers_are() -> None:
    drawn = reliability(table((0.25, 75, 25), (0.85, 50, 50)), table((0.5, 5, 5)))
    root = ElementTree.fromstring(str(drawn))
    dots = [e for e in root if e.tag == "circle"]
    where = [(float(e.attrib["cx"]), float(e.attrib["cy"])) for e in dots]
    assert where == [
        pytest.approx((LEFT + 0.25 * SIDE, TOP + 0.75 * SIDE), abs=0.01),
        pytest.approx((LEFT + 0.85 * SIDE, TOP + 0.5 * SIDE), abs=0.01),
    ]
    assert dots[0][0].text == "given 25 %, right 25 % of 100"
    [before] = [e for e in root if e.attrib.get("class") == "m before"]
    assert before.attrib["points"].split()[0] == f"{LEFT + SIDE / 2:g},{TOP + SIDE / 2 - 6:g}"
    assert "20 % to 30 % right 25 %" in root.attrib["aria-label"]


def test_no_row() -> None:
    none = np.array([])
    root = ElementTree.fromstring(str(reliability(ScoreTable(none, none, none))))
    assert root.attrib["aria-label"] == "Reliability: no rows"
