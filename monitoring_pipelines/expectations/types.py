"""DuckDB's column types under the names that an expectation may use for them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import sqlalchemy as sa

_ALIASES = {
    "INT": "INTEGER",
    "BOOL": "BOOLEAN",
    "STRING": "VARCHAR",
    "TEXT": "VARCHAR",
    "NUMERIC": "DECIMAL",
    "REAL": "FLOAT",
    "DATETIME": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
    "TIMETZ": "TIME WITH TIME ZONE",
}
# so that `Integer`, `Float` or `String`, the general types of SQLAlchemy, mean the whole family
_FAMILIES: dict[str, type[Any]] = {
    **dict.fromkeys(
        (
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
            "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
        ),
        sa.Integer,
    ),
    **dict.fromkeys(("FLOAT", "DOUBLE"), sa.Float),
    "DECIMAL": sa.Numeric,
    "VARCHAR": sa.String,
    "BOOLEAN": sa.Boolean,
    "DATE": sa.Date,
    **dict.fromkeys(
        ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"),
        sa.DateTime,
    ),
}  # fmt: skip
_classes: dict[str, type[Any]] = {}


def _class(name: str) -> type[Any]:
    """One class for one type name; Great Expectations compares with isinstance."""
    if name not in _classes:
        _classes[name] = type(name, (_FAMILIES.get(name, sa.types.NullType),), {})
    return _classes[name]


def column_type(described: str) -> Any:
    """The type that ``DESCRIBE`` printed: ``DECIMAL(18,3)``, ``INTEGER[]``, ``ENUM('a', 'b')``.

    >>> type(column_type("DECIMAL(18,3)")).__name__
    'DECIMAL'
    >>> isinstance(column_type("BIGINT"), sa.Integer)
    True
    """
    name = "LIST" if described.endswith("]") else described.partition("(")[0].strip()
    return _class(name)()


class DuckDBTypes(ModuleType):
    """Where Great Expectations looks up an expected type: any case, aliases, SQLAlchemy's own."""

    def __getattr__(self, name: str) -> type[Any]:
        general = getattr(sa.types, name, None)
        if isinstance(general, type) and not name.isupper():
            return general
        upper = name.upper()
        return _class(_ALIASES.get(upper, upper))
