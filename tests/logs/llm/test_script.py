"""The script of a text, against RE2's own tables of Unicode's property."""

from __future__ import annotations

from unicodedata import category

import pyarrow as pa
import pytest
from pyarrow import compute

from monitoring_pipelines.logs.llm.script import JAPANESE, OTHER, SCRIPTS, script_of

KANA = r"\p{Hiragana}|\p{Katakana}"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Where is my order?", "latin"),
        ("Où est ma commande ?", "latin"),
        ("Wo bleibt meine Bestellung: größer, schöner", "latin"),
        ("Где мой заказ 7731?", "cyrillic"),
        ("Где John Smith?", "latin"),  # 3 letters and 9
        ("أين طلبي؟", "arabic"),
        ("我的订单在哪里", "han"),
        ("我的订单 order", "latin"),  # 4 letters and 5
        ("注文はどこですか", JAPANESE),
        ("ﾁｭｳﾓﾝ", JAPANESE),
        # one of eleven letters is kana
        ("我的订单在哪里我要の退款", "han"),
        ("내 주문은 어디에 있나요", "hangul"),
        ("मेरा ऑर्डर कहाँ है", "devanagari"),
        ("ＡＢＣ", "latin"),  # noqa: RUF001 - full width
        ("𝐇𝐞𝐥𝐥𝐨", OTHER),  # noqa: RUF001 - bold ones for formulas
        ("ab вг", "cyrillic"),  # as many of each
        ("7731 !? 😀", None),
        ("€ 20", None),
        ("", None),
        ("42", None),
        # what was pasted after 500 characters
        ("да" * 250 + "a" * 9_000, "cyrillic"),
    ],
)
def test_most_letters_count(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_every_letter_is_of_the_script_that_unicode_says_or_other() -> None:
    points = (chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
    letters = [letter for letter in points if category(letter)[0] == "L"]
    array = pa.array(letters)
    n = missed = 0
    for script in sorted(SCRIPTS):
        named = rf"\p{{{script.capitalize()}}}" if script != JAPANESE else KANA
        matches = compute.match_substring_regex(array, named)
        for at in compute.indices_nonzero(matches).to_pylist():
            found = script_of(letters[at])
            assert found in {script, OTHER}, letters[at]
            n, missed = n + 1, missed + (found == OTHER)
    # modifier letters, ordinals and the like, of more than 100,000
    assert n > 100_000
    assert missed < 300
