"""Facts are of the window's end, and say nothing that is not known."""

from __future__ import annotations

from tests.governance.cases import AT, facts, table


def test_the_moment_is_the_end_of_the_window() -> None:
    assert facts().at == AT


def test_versions_are_those_of_the_window() -> None:
    assert facts().versions == ()
    assert facts(table=table("v2", "v1")).versions == ("v1", "v2")
