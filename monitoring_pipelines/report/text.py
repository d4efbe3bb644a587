"""Text from data as it may stand on a page: one line, of visible characters, not endless.

What is syntax in HTML is escaped by the template, so that a name can still be read as it is. What
is left to take care of is what no escape helps against: characters that turn the direction of all
that follows, or that cannot be seen.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from markupsafe import Markup

LONGEST = 320
# fillers that are drawn as nothing though Unicode calls them letters
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
# marks that are drawn above each other: more of them climb over the lines above
MOST_MARKS = 4


def visible(text: object, limit: int = LONGEST) -> str:
    r"""`text` with what cannot be seen replaced by U+FFFD, at most `limit` characters long.

    >>> visible("a\u202eb\nc"), visible("abcdef", 4)
    ('a�b c', 'abc…')
    """
    found: list[str] = []
    n_marks = 0
    for character in " ".join(str(text)[: 4 * limit].split()):
        category = unicodedata.category(character)
        n_marks = n_marks + 1 if category[0] == "M" else 0
        if n_marks > MOST_MARKS:
            continue
        hidden = category[0] == "C" or character in _INVISIBLE
        found.append("\ufffd" if hidden else character)
    plain = "".join(found)
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def finalize(value: Any) -> Any:
    """What a template makes of every value before it escapes it."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else visible(value)
