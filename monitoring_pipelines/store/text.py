"""Text from data, as both databases can hold it."""

from __future__ import annotations


def storable(text: str) -> str:
    r"""`text` without what a database refuses: NUL (Postgres) and halves of a character (both).

    >>> storable("a\x00b"), storable("\ud800")
    ('a␀b', '\\ud800')
    """
    return text.replace("\x00", "\u2400").encode("utf-8", "backslashreplace").decode("utf-8")
