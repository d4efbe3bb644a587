"""Values of logs, taken as they should be and otherwise not at all.

The same field is a number here and a text there, an object here and its JSON there. Nothing in
this file raises: what is not understood is None, and the reader decides what follows.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# an epoch lies between the years 1990 and 2200, in seconds, milli-, micro- or nanoseconds
_FIRST, _LAST = 631_152_000, 7_258_118_400
_SCALES = (1, 1_000, 1_000_000, 1_000_000_000)
_PEEK = 64
_LARGEST = 1 << 53
_PLAIN = 16
_DIGITS = re.compile(r"[0-9]{1,19}")
_NOTHING = {"", "none", "null", "nan"}


def mapping(value: Any) -> dict[str, Any]:
    """Give an object, or the object in a JSON text; an empty one for anything else.

    >>> mapping('{"a": 1}'), mapping("no"), mapping(None)
    ({'a': 1}, {}, {})
    """
    if isinstance(value, str) and value[:_PEEK].lstrip()[:1] == "{":
        value = decoded(value)
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Give a list, or the list in a JSON text; an empty one for anything else."""
    if isinstance(value, str) and value[:_PEEK].lstrip()[:1] == "[":
        value = decoded(value)
    return value if isinstance(value, list) else []


def decoded(value: str) -> Any:
    """Give the value of a JSON text; None if it is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def path(record: Any, *keys: str) -> Any:
    """Value below nested objects; None as soon as one is missing.

    >>> path({"a": {"b": 3}}, "a", "b"), path({"a": []}, "a", "b")
    (3, None)
    """
    for key in keys:
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def text(value: Any) -> str | None:
    """Give a text that says something: loggers also write "" and "None".

    >>> text("gpt-4o"), text("None"), text(7)
    ('gpt-4o', None, '7')
    """
    if not isinstance(value, str):
        return str(value) if type(value) is int else None
    # only the start is looked at: a text may be a whole prompt; most are told by one character
    first = value[:1]
    if first.isalnum() and first not in "nN":
        return value
    return None if value[:_PEEK].strip().lower() in _NOTHING and len(value) < _PEEK else value


def number(value: Any) -> float | None:
    """Give a finite number, also from a text.

    >>> number("1.5"), number(float("nan")), number(True)
    (1.5, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def count(value: Any) -> int | None:
    """Give a whole number of something, zero or more; protobuf writes it as text or double.

    >>> count(28.0), count("13"), count(-1), count(0.5)
    (28, 13, None, None)
    """
    if type(value) is int:
        return value if 0 <= value < _LARGEST else None
    if type(value) is str and value.isdecimal() and len(value) < _PLAIN:
        return int(value)
    result = number(value)
    if result is None or result < 0 or result != int(result) or result >= _LARGEST:
        return None
    return int(result)


def flag(value: Any) -> bool | None:
    """Give a truth value, also from its text.

    >>> flag("True"), flag(False), flag("None")
    (True, False, None)
    """
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def instant(value: Any) -> int | None:
    """Microseconds since 1970 of an ISO 8601 text (UTC if it names no zone) or an epoch.

    >>> instant("1970-01-01T00:00:01.5Z"), instant(1_767_225_600), instant("soon")
    (1500000, 1767225600000000, None)
    """
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return instant(int(value)) if _DIGITS.fullmatch(value) else None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) // _MICROSECOND
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    scale = next((one for one in _SCALES if _FIRST * one <= value < _LAST * one), None)
    if scale is None:
        return None
    # whole numbers are kept whole: nanoseconds are beyond what a float can tell apart
    return value * 1_000_000 // scale if isinstance(value, int) else int(value * 1e6 / scale)


def between(start: int | None, end: int | None) -> float | None:
    """Milliseconds from one instant to another; None if either is unknown."""
    return None if start is None or end is None else (end - start) / 1000


def total(*counts: int | None) -> int | None:
    """Sum of what is known; None if nothing is.

    >>> total(4, None, 18131), total(None)
    (18135, None)
    """
    known = [value for value in counts if value is not None]
    return sum(known) if known else None
