"""What cannot be seen, or turns what follows, does not reach the page."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from monitoring_pipelines.report.text import LONGEST, finalize, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("income", "income"),
        ("\u202egnp.exe", "\N{REPLACEMENT CHARACTER}gnp.exe"),
        ("a\u200bb\x00c\u2066d", "a\ufffdb\ufffdc\ufffdd"),
        ("two\r\nlines\tand\u2028three", "two lines and three"),
        ("\ud800", "\ufffd"),  # half of a pair cannot be written as UTF-8
        ("\u3164", "\ufffd"),
        ("e\u0301" + "\u0301" * 50, "e" + "\u0301" * 4),
        ("مرحبا <b>", "مرحبا <b>"),
    ],
)
def test_visible(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_is_never_long() -> None:
    assert len(visible("x" * 10_000_000)) == LONGEST
    assert visible("abc", 3) == "abc"


def test_finalize_leaves_what_is_markup() -> None:
    assert finalize(Markup("<b>\n</b>")) == "<b>\n</b>"
    assert (finalize(None), finalize(3), finalize("a\nb")) == ("", "3", "a b")
