"""Tables are for people, and text from data is text in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitoring_pipelines.cli.output import show

if TYPE_CHECKING:
    import pytest


def test_markup_in_data_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show([{"column": "[red]x[/red]", "value": 0.123456}], "table", ("column", "value"))
    printed = capsys.readouterr().out
    assert "[red]x[/red]" in printed
    assert "0.1235" in printed


def test_midnight_is_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"at": datetime(2026, 1, 2, hour, tzinfo=UTC)} for hour in (0, 5)]
    show(rows, "table", ("at",))
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [
        "at (UTC)",
        "2026-01-02",
        "2026-01-02 05:00",
    ]


def test_no_rows_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show([], "table", ("at",))
    assert capsys.readouterr().out == ""
