# ruff: noqa: RUF001 - confusable characters are what is tested
from __future__ import annotations

import random
import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring_pipelines.notify.safe import LONGEST, inert

HOSTILE = [
    "<!channel>", "<!here>", "<@U0ADMIN>", "<!subteam^S0ADMIN>", "<#C0GENERAL>", "@here",
    "@channel",
    "<https://evil.example/login|View in Dagster>", "https://evil.example", "HTTPS ://evil.example",
    "http\u200bs://evil.example", "www.evil.com", "evil.com/x", "mailto:a@evil.example",
    "javascript:alert(1)",
    "```", "`", "*bold*", "_italic_", "~gone~", "> quote", "__x__", "**",
    ":white_check_mark:", ":100:", ":+1:", "&lt;!channel&gt;", "&#60;!here&#62;", "&amp;lt;",
    "\u202egnp.exe", "\u2066<!here>\u2069", "\u200b", "\U000e0001\U000e0068", "\x00\x07\x1b[31m",
    "\r\n\n", "\u2028", "\t", "🟢 RESOLVED", "✅", "1️⃣", "🇩🇪", "👍🏽", "＜！ｈｅｒｅ＞",
    "＠channel", "｀x｀",
    "ｈｔｔｐｓ：／／evil．com", "ann@example.org", "xoxb-" + "123456789-abcdef",
    "password=hunter2",
    "4111 1111 1111 1111", "roc_auc", "0.804", "a" * 300, "’“”", "{}", "%s",
    "\ud800", "\uffa0", "\u115f", "é", "e\u0301", "<", ">", "|", "&", "@", "*", "_", "~", ":", ".",
]  # fmt: skip
SYNTAX = re.compile(
    r"[<>`*~|@]|://|\bhttps?:|&#?\w+;|:[\w+'-]+:|(?<![^\W_])_|_(?![^\W_])|\w\.[^\W\d_]{2,}",
    re.IGNORECASE,
)


def assert_inert(text: str, limit: int) -> None:
    found = inert(text, limit)
    assert len(found) <= limit
    assert not SYNTAX.search(found), (text, found)
    for character in found:
        category = unicodedata.category(character)
        assert category[0] != "C", (text, found)
        assert category != "So" or character in "▫°¦▁", (text, found)
    assert "hunter2" not in found
    assert "xoxb" not in found


def test_no_syntax_survives_in_twenty_thousand_hostile_texts() -> None:
    rng = random.Random(20261124)
    for _ in range(20_000):
        parts = rng.choices(HOSTILE, k=rng.randint(1, 4))
        assert_inert(rng.choice(["", " "]).join(parts), rng.choice([8, 40, 200]))


@example("0.A_", 4)
@given(st.text(max_size=80), st.integers(1, 60))
def test_any_text_at_all(text: str, limit: int) -> None:
    assert_inert(text, limit)


@given(st.lists(st.sampled_from(HOSTILE), max_size=6).map("".join))
def test_inert_text_stays_as_it_is(text: str) -> None:
    once = inert(text, 5_000)
    assert SYNTAX.search(inert(once, 5_000)) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("roc_auc of income", "roc_auc of income"),
        ("12.3 % (limit 3 %), 20 °C", "12.3 % (limit 3 %), 20 °C"),
        ("Müller & Söhne, naïve, 東京", "Müller & Söhne, naïve, 東京"),
        ("two\r\n\nlines", "two / lines"),
        ("🟢 RESOLVED", "▫ RESOLVED"),
    ],
)
def test_honest_text_is_still_readable(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_a_secret_is_gone_before_the_cut() -> None:
    text = "x" * 20 + " password=hunter2secret"
    for limit in range(1, 60):
        assert "hunter" not in inert(text, limit)


def test_a_hidden_character_does_not_save_a_secret() -> None:
    assert "ann" not in inert("a\u200bnn@exa\u2060mple.org")


def test_a_long_text_is_fast_and_ends_with_a_whole_word() -> None:
    began = time.perf_counter()
    found = inert("eyJ-" * 5_000 + "a" * 100_000, LONGEST)
    assert time.perf_counter() - began < 2
    assert len(found) <= LONGEST
    assert inert("word " * 4_000, 9_000).endswith("word")
