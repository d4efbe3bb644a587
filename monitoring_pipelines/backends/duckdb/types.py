"""DuckDB's types, as far as monitoring cares, and one text for one value."""

from __future__ import annotations

import re

_FAMILIES = {
    "integer": r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|U?INTEGER",
    "float": r"FLOAT|DOUBLE|DECIMAL.*",
    "text": r"VARCHAR|ENUM\(.*|UUID",
    "boolean": r"BOOLEAN",
    "timestamp": r"DATE|TIME.*",
}


def family(dtype: str) -> str:
    """Engine-neutral type of a DuckDB type.

    >>> [family(name) for name in ("BIGINT", "DECIMAL(9,2)", "VARCHAR", "INTEGER[]")]
    ['integer', 'float', 'text', 'other']
    """
    for name, pattern in _FAMILIES.items():
        if re.fullmatch(pattern, dtype):
            return name
    return "other"


def number(column: str, dtype: str) -> str:
    """SQL of a finite double, or NULL where the value is missing, infinite or no number."""
    kind = family(dtype)
    if kind in {"integer", "boolean"}:
        return f"{column}::DOUBLE"
    if kind == "float":
        return f"CASE WHEN isfinite({column}::DOUBLE) THEN {column}::DOUBLE END"
    if kind == "text":
        cast = f"TRY_CAST({column}::VARCHAR AS DOUBLE)"
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"
    return "NULL::DOUBLE"


def digest(value: str) -> str:
    """SQL of eight digits that stand for a text and do not tell it."""
    return f"left(md5({value}), 8)"


def category(column: str, dtype: str) -> str:
    """SQL of a text that is the same for 1, 1.0, '1' and, as a class, true.

    A column of whole numbers becomes a float as soon as a file has a missing value; its levels
    must not change by that.
    """
    kind = family(dtype)
    if kind == "boolean":
        return f"({column}::INTEGER)::VARCHAR"
    if kind == "float":
        return (
            f"CASE WHEN NOT isfinite({column}::DOUBLE) THEN NULL "
            f"WHEN {column} = trunc({column}) AND abs({column}) < 1e15 "
            f"THEN ({column}::BIGINT)::VARCHAR ELSE {column}::VARCHAR END"
        )
    return f"{column}::VARCHAR"
