"""Values are taken as they should be, and otherwise not at all."""

from __future__ import annotations

import pytest

from monitoring_pipelines.logs.llm.values import (
    between,
    count,
    flag,
    instant,
    mapping,
    number,
    path,
    sequence,
    text,
    total,
)

# 2025-05-15T14:17:22Z: 20,223 days after 1970, and 51,442 seconds
MOMENT = (20_223 * 86_400 + 51_442) * 1_000_000


@pytest.mark.parametrize(
    "written",
    [
        "2025-05-15T14:17:22Z",
        "2025-05-15T16:17:22+02:00",
        "2025-05-15 14:17:22.000000000",
        "2025-05-15T14:17:22",
        MOMENT // 1_000_000,
        MOMENT // 1000,
        float(MOMENT // 1000),
        MOMENT,
        MOMENT * 1000,
        str(MOMENT * 1000),
    ],
)
def test_an_instant_is_understood_however_it_is_written(written: object) -> None:
    assert instant(written) == MOMENT


@pytest.mark.parametrize("written", ["soon", "", None, True, [], 3, 1e40, "-5", "9" * 40])
def test_what_is_no_instant_is_none(written: object) -> None:
    assert instant(written) is None


def test_nanoseconds_keep_their_microseconds() -> None:
    # as a float, 1787297955670945879 ns would be off by up to 128 ns, and here by none of a us
    assert instant(1_787_297_955_670_945_879) == 1_787_297_955_670_945


@pytest.mark.parametrize("value", [None, True, "no", [], {}, -1, 0.5, 2**60, float("inf"), "nan"])
def test_what_is_no_count_is_none(value: object) -> None:
    assert count(value) is None


def test_protobuf_writes_counts_as_texts_and_doubles() -> None:
    assert (count("10000"), count(28.0), count("28.0"), count(0)) == (10_000, 28, 28, 0)


def test_containers_are_themselves_or_their_json() -> None:
    assert mapping({"a": 1}) == mapping('{"a":1}') == {"a": 1}
    assert sequence([1]) == sequence("[1]") == [1]
    assert mapping("[1]") == mapping(3) == mapping('{"a":') == {}
    assert sequence('{"a":1}') == sequence(None) == []
    assert mapping("{" * 100_000) == {}


def test_numbers_flags_and_texts() -> None:
    assert (number("1.5"), number("x"), number(True)) == (1.5, None, None)
    assert (flag("true"), flag("None"), flag(1)) == (True, None, None)
    assert (text("None"), text(" "), text(3), text(True)) == (None, None, "3", None)
    assert path({"a": {"b": 1}}, "a", "b") == 1
    assert path([], "a") is None
    assert between(1_000, 3_000) == 2.0
    assert between(None, 3_000) is None
    assert (total(4, None, 18_131), total(None)) == (18_135, None)
