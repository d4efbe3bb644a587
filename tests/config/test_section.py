"""Every misspelt key is answered with the likely one, at any depth; durations and moments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from monitoring_pipelines.config.section import Duration, Moment, Section


class Inner(Section):
    columns: int = 0


class Outer(Section):
    inner: Inner = Inner()
    wait: Duration = timedelta(0)
    start: Moment | None = None


def told(values: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(ValidationError) as error:
        Outer.model_validate(values)
    return [
        (line["loc"], line["msg"].removeprefix("Value error, ")) for line in error.value.errors()
    ]


def test_a_misspelt_key_is_answered_with_the_likely_one() -> None:
    assert told({"iner": {}}) == [
        (("iner",), "Unknown key 'iner'. Did you mean 'inner'? Known: inner, start, wait.")
    ]


def test_a_misspelt_key_deeper_down_is_told_at_its_place() -> None:
    assert told({"inner": {"colums": 1}}) == [
        (("inner", "colums"), "Unknown key 'colums'. Did you mean 'columns'? Known: columns.")
    ]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(told({"iner": 1, "inner": {"columns": "x"}, "wait": "soon"})) == 3


def test_a_section_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Outer().inner = Inner()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        (" 30 d ", timedelta(days=30)),
        ("2w", timedelta(weeks=2)),
        (timedelta(days=1), timedelta(days=1)),
        ("P1D", timedelta(days=1)),
    ],
)
def test_durations(text: Any, expected: timedelta) -> None:
    outer = Outer(wait=text)
    assert outer.wait == expected
    assert Outer.model_validate_json(outer.model_dump_json()) == outer


@pytest.mark.parametrize("text", ["30 days", "30", 30, "-1d", "1.5h", "", None])
def test_what_is_no_duration(text: Any) -> None:
    [(where, sentence)] = told({"wait": text})
    assert where == ("wait",)
    assert sentence == f"'{text}' is not a duration; write 90m, 12h, 30d or 2w."


@pytest.mark.parametrize("value", ["2026-01-31", date(2026, 1, 31)])
def test_a_day_is_the_same_from_yaml_and_from_python(value: Any) -> None:
    assert Outer(start=value).model_dump_json() == Outer(start=date(2026, 1, 31)).model_dump_json()


def test_a_moment_keeps_its_zone() -> None:
    found = Outer.model_validate({"start": "2026-01-31T09:00:00+01:00"}).start
    assert isinstance(found, datetime)
    assert found.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("value", [2026, "2026", "31.01.2026", "2026-02-30", 1.5])
def test_what_is_no_moment(value: Any) -> None:
    expected = f"'{value}' is no date; write 2026-01-31 or 2026-01-31T09:00."
    assert told({"start": value}) == [(("start",), expected)]
