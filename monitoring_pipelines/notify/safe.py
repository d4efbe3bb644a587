"""Any text made inert: it mentions nobody, links nowhere and formats nothing, on any surface.

Escaping is not enough, since clients differ in what they decode: a text that holds no syntax at
all is safe in a message, in a push notification and in a log. The order matters: hidden characters
go first, or they would hide a secret from redaction; secrets go before the cut, or half a secret
would stay.
"""

# ruff: noqa: RUF001, RUF002 - look-alikes are the point of this module

from __future__ import annotations

import re
import unicodedata

from monitoring_pipelines.notify.redact import redact

LONGEST = 8_000

_BREAKS = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]+\s*")
# fillers that are drawn as nothing though Unicode calls them letters
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
_SCHEME = re.compile(r"(?<![^\W_])(https?|ftp|file|mailto|javascript|data|slack|tel)\s*:", re.I)
_HOST = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SHORTCODE = re.compile(r":(?=[\w+'-]+:)")
_OUTER_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LOOKS = str.maketrans({
    "<": "‹", ">": "›", "`": "ˋ", "*": "∗", "~": "∼", "|": "¦", "@": "(at)",
})  # fmt: skip


def inert(text: object, limit: int = 200) -> str:
    """`text` without syntax, secrets, hidden characters and pictures, at most `limit` long.

    >>> inert("<!channel> *done* https://evil.example/x")
    '‹!channel› ∗done∗ hxxps[:]//evil[.]example/x'
    """
    plain = _defang(_look_alike(redact(_canon(_bounded(str(text))))))
    if len(plain) > limit:
        plain = plain[: max(limit - 1, 0)].rstrip() + "…"
    # after the cut, which can leave an underscore at an end
    return _OUTER_UNDERSCORE.sub("▁", plain)


def _bounded(text: str) -> str:
    """So much that a search stays fast; the last word goes, since it may be half a secret."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]


def _canon(text: str) -> str:
    """One line of visible characters. Compatibility forms (full-width ``＜``) become plain ones."""
    text = _BREAKS.sub(" / ", unicodedata.normalize("NFKC", text))
    return text.translate(_VISIBLE).strip()


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    # controls and unassigned, enclosing marks, variation selectors, fillers
    is_hidden = category[0] == "C" or category == "Me" or "\ufe00" <= character <= "\ufe0f"
    if is_hidden or character in _INVISIBLE:
        return ""
    # symbols that may be drawn in colour: a value must not draw a green light
    return "▫" if category in {"So", "Sk"} and character not in "°`^¨´¯¸" else character


class _Visible(dict[int, str]):
    """A table for `str.translate` that fills itself: asking for each character is slow."""

    def __missing__(self, code: int) -> str:
        seen = self[code] = _visible(chr(code))
        return seen


_VISIBLE = _Visible()


def _defang(text: str) -> str:
    """Addresses that no client makes a link of."""
    text = _SCHEME.sub(lambda m: m[1].lower().replace("http", "hxxp") + "[:]", text)
    return _HOST.sub("[.]", text.replace("://", "[:]//"))


def _look_alike(text: str) -> str:
    text = _ENTITY.sub("＆", text.translate(_LOOKS))
    return _SHORTCODE.sub("꞉", text)
