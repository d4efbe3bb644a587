"""Elements of SVG are well-formed whatever stands in them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from monitoring_pipelines.report.svg import coordinate, path, picture, tag

HOSTILE = "<script>alert(1)</script>]]>\"' onload=x &amp; \u202e\x00"


def test_hostile_text_stays_text() -> None:
    drawn = picture(10, 20, HOSTILE, [tag("title", HOSTILE), tag("rect", x=1, class_=HOSTILE)], "k")
    root = ElementTree.fromstring(str(drawn))
    assert [child.tag for child in root] == ["title", "rect"]
    seen = HOSTILE.replace("\u202e", "\ufffd").replace("\x00", "\ufffd")
    assert (root.attrib["aria-label"], root[0].text, root[1].attrib["class"]) == (seen, seen, seen)
    assert (root.attrib["role"], root.attrib["viewBox"]) == ("img", "0 0 10 20")


@pytest.mark.parametrize(
    ("value", "told"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "-0"), (1234.56, "1234.6")]
)
def test_coordinates_are_short(value: float, told: str) -> None:
    assert coordinate(value) == told
    assert path([(value, value)]) == f"{told},{told}"
