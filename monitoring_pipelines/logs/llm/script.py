"""The script that most letters of a text are of: Latin, Cyrillic, Arabic, Han and others.

The name of a letter in the Unicode Character Database begins with its script, so nothing is
guessed; and no language is told, since German and English are both Latin. Told are the scripts that
are in wide use today [1]_; a letter of any other, or of none (as the bold ones for formulas, in
which words can be hidden), is ``other``.

References
----------
.. [1] Unicode Standard Annex 31, "Unicode identifiers and syntax", table 5.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from unicodedata import name

# what a person says stands before what was pasted; more would cost time
MAX_CHARS = 500
OTHER, JAPANESE = "other", "japanese"
SCRIPTS = {
    *("arabic", "armenian", "bengali", "bopomofo", "cyrillic", "devanagari", "ethiopic"),
    *("georgian", "greek", "gujarati", "gurmukhi", "han", "hangul", "hebrew", JAPANESE),
    *("kannada", "khmer", "lao", "latin", "malayalam", "myanmar", "oriya", "sinhala", "tamil"),
    *("telugu", "thaana", "thai", "tibetan"),
}
_WIDTHS = {"FULLWIDTH", "HALFWIDTH"}
_NAMES = {"CJK": "han"} | dict.fromkeys(("HIRAGANA", "KATAKANA", "HENTAIGANA"), JAPANESE)
# Japanese is written in Han and kana; a share of kana that Chinese texts do not have
_KANA_SHARE = 0.1


def script_of(text: str) -> str | None:
    """Give the script of most letters among the first 500 characters; without any letter None.

    Kana, with Han beside them, are ``japanese``. Of two scripts with as many letters the first
    by name is given.

    >>> script_of("Hello, 7!"), script_of("Привет, John"), script_of("注文はまだですか")
    ('latin', 'cyrillic', 'japanese')
    """
    text = text[:MAX_CHARS]
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else None
    counts: Counter[str] = Counter()
    for letter, n in Counter(text).items():
        if letter.isalpha():
            counts[_script(letter)] += n
    kana, han = counts[JAPANESE], counts["han"]
    if kana and kana >= _KANA_SHARE * (kana + han):
        counts[JAPANESE] += counts.pop("han", 0)
    return min(counts, key=lambda one: (-counts[one], one)) if counts else None


@lru_cache(1 << 14)
def _script(letter: str) -> str:
    words = name(letter, "").replace("-", " ").split()
    first = words[1] if words and words[0] in _WIDTHS else "".join(words[:1])
    script = _NAMES.get(first, first.lower())
    return script if script in SCRIPTS else OTHER
