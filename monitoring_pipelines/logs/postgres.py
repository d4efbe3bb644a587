"""A table or query of a Postgres database, read window by window as Arrow batches."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from psycopg import sql

from monitoring_pipelines.errors import SourceNotFoundError, SourceUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.domain.timestamps import Raw

BATCH = 50_000

_ARROW = {
    "int2": pa.int64(),
    "int4": pa.int64(),
    "int8": pa.int64(),
    "oid": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "numeric": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True, slots=True)
class PostgresTable:
    """`table` (``schema.table``) or `query` at `url`; `location` is the URL without password."""

    url: str
    location: str
    table: str | None = None
    query: str | None = None

    @property
    def _relation(self) -> sql.Composable:
        if self.query is not None:
            # the operator's own statement from the configuration, run read-only
            return sql.SQL("({}) AS log").format(sql.SQL(self.query.rstrip().rstrip(";")))
        return sql.Identifier(*(self.table or "").split("."))

    def columns(self) -> dict[str, pa.DataType]:
        """Names and Arrow types, without reading a row."""
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(self._relation))
            return _schema(cursor)

    def newest(self, column: str) -> Any:
        """Greatest value of a column, to tell whether rows were added."""
        statement = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), self._relation)
        with self._connected() as connection, connection.cursor() as cursor:
            row = cursor.execute(statement).fetchone()
            return row[0] if row else None

    def without(self, column: str) -> int:
        """Rows in which a column is NULL."""
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {} IS NULL").format(
            self._relation, sql.Identifier(column)
        )
        with self._connected() as connection, connection.cursor() as cursor:
            row = cursor.execute(statement).fetchone()
            return int(row[0]) if row else 0

    def count(self, column: str, start: Raw, end: Raw) -> int:
        """Rows with ``start <= column < end``."""
        name = sql.Identifier(column)
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {} >= %s AND {} < %s").format(
            self._relation, name, name
        )
        with self._connected() as connection, connection.cursor() as cursor:
            row = cursor.execute(statement, (start, end)).fetchone()
            return int(row[0]) if row else 0

    def read(
        self, names: list[str], bounds: tuple[str, Raw, Raw] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Rows with ``start <= column < end``, in batches; all rows without `bounds`.

        A server-side cursor keeps the memory of both sides bounded.
        """
        statement = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(map(sql.Identifier, names)), self._relation
        )
        values: tuple[Any, ...] = ()
        if bounds is not None:
            name, values = sql.Identifier(bounds[0]), bounds[1:]
            statement += sql.SQL(" WHERE {} >= %s AND {} < %s").format(name, name)
        with self._connected() as connection, connection.cursor("monitoring") as cursor:
            cursor.execute(statement, values)
            schema: pa.Schema | None = None
            while rows := cursor.fetchmany(BATCH):
                schema = schema or pa.schema(list(_schema(cursor).items()))
                yield _batch(rows, schema)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        place = f"{self.location} {self.table or 'query'}"
        try:
            with psycopg.connect(_libpq(self.url), connect_timeout=10) as connection:
                connection.read_only = True
                yield connection
        except psycopg.errors.UndefinedTable as error:
            raise SourceNotFoundError(place, "there is no such table") from error
        except psycopg.errors.UndefinedColumn as error:
            raise SourceUnreadableError(place, f"{error.diag.message_primary}.") from error
        except psycopg.Error as error:
            detail = " ".join(str(error).split()) or type(error).__name__
            raise SourceUnreadableError(place, f"{detail}.") from error


def _libpq(url: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"{scheme.split('+')[0]}://{rest}"


def _schema(cursor: psycopg.Cursor[Any]) -> dict[str, pa.DataType]:
    types = psycopg.adapters.types
    found = {}
    for column in cursor.description or ():
        info = types.get(column.type_code)
        # psycopg gives the type of the elements for an array; that is written as text
        name = info.name if info and info.oid == column.type_code else ""
        found[column.name] = _ARROW.get(name, pa.string())
    return found


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for values, field in zip(zip(*rows, strict=True), schema, strict=True):
        column: Any = values
        if field.type == pa.float64():
            column = [None if value is None else float(value) for value in values]
        elif field.type == pa.string():
            column = [None if value is None else str(value) for value in values]
        arrays.append(pa.array(column, type=field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
