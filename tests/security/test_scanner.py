"""Laws of every scanner: no hit without its hint, in any engine."""

from __future__ import annotations

import re

import duckdb
import pytest

from monitoring_pipelines.security.scanners import SCANNERS
from tests.security.texts import TEXTS


@pytest.mark.parametrize("name", list(SCANNERS))
def test_a_text_with_a_hit_matches_the_hint(name: str) -> None:
    scanner = SCANNERS[name]
    hit = [text for text in TEXTS if any(scanner.scan(text))]
    assert hit
    for text in hit:
        assert re.search(scanner.hint, text)
        found = duckdb.execute("SELECT regexp_matches(?, ?)", [text, scanner.hint]).fetchone()
        assert found == (True,)


@pytest.mark.parametrize("name", list(SCANNERS))
def test_hostile_and_empty_texts_break_nothing(name: str) -> None:
    scan = SCANNERS[name].scan
    for text in (
        "",
        "\0",
        "\ud800",
        "a" * 100_000,
        "1 " * 50_000,
        "@" * 10_000,
        "A" * 50_000 + "==",
    ):
        list(scan(text))
