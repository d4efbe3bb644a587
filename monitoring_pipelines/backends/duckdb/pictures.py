"""Rows of a log with the properties of their images beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_pipelines.backends.duckdb.connection import identifier, literal, readable
from monitoring_pipelines.errors import ConfigError, SourceUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    import pyarrow as pa

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.window import Cadence

# names that no log has
KEY, PERIOD = '"monitoring_pipelines image"', '"monitoring_pipelines period"'
# of the bytes of images in memory at a time
BATCH = 64


class Scale(NamedTuple):
    """What is usual of a column of numbers: mean and standard deviation, above 0."""

    column: str
    mean: float
    deviation: float


class Picked(NamedTuple):
    """Keys of images, each with the column that is furthest from usual and how far, signed."""

    usual: list[tuple[str, tuple[str, float]]]
    unusual: list[tuple[str, tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class ImageColumn:
    """SQL of a log's images: `key` tells one from another, `content` is its bytes or its name."""

    column: str
    key: str
    content: str
    is_bytes: bool


def image_column(rows: Rows, column: str) -> ImageColumn:
    """Understand the column by its type: bytes, a struct of bytes and a path, or names.

    Raises
    ------
    SourceUnreadableError
        If it is none of these.
    """
    rows.log.require([("images", column)])
    name, dtype = identifier(column), rows.log.columns[column]
    if dtype == "BLOB":
        return ImageColumn(column, _hash(name), name, is_bytes=True)
    if re.match(r'STRUCT\(.*\b"?bytes"? BLOB\b', dtype):
        content = f"{name}.bytes"
        return ImageColumn(column, _hash(content), content, is_bytes=True)
    if dtype == "VARCHAR":
        return ImageColumn(column, name, name, is_bytes=False)
    raise SourceUnreadableError(
        rows.log.location,
        f"column '{column}' of images has the type {dtype}; give the bytes of an image file, or "
        "its name.",
    )


def _hash(content: str) -> str:
    return f"CASE WHEN {content} IS NOT NULL THEN hash({content})::VARCHAR END"


def image_contents(
    rows: Rows, image: ImageColumn, windows: tuple[Cadence, tzinfo]
) -> Iterator[tuple[str, int | None, Any]]:
    """Key, window (microseconds since 1970, None without a time) and content of all images.

    They are streamed: nothing else may be asked of the connection meanwhile.
    """
    with readable(rows.log.location):
        found = rows.log.connection.execute(
            f"SELECT {image.key} AS k, {_period(rows, windows)}, {image.content} "
            f"FROM ({rows.statement}) WHERE k IS NOT NULL"
        )
        while part := found.fetchmany(BATCH):
            yield from part


def some_contents(rows: Rows, image: ImageColumn, keys: list[str]) -> list[tuple[str, Any]]:
    """Key and content of the images with these keys, each once."""
    return rows.log.query(
        f"SELECT {image.key} AS k, any_value({image.content}) FROM ({rows.statement}) "
        "WHERE k IN (SELECT unnest(?::VARCHAR[])) GROUP BY 1",
        [keys],
    )


def beside(
    rows: Rows, image: ImageColumn, table: str, found: pa.Table, windows: tuple[Cadence, tzinfo]
) -> Rows:
    """`rows` with the columns of `found` in place of the images, in the temporary `table`.

    `found` has a row for each ``key`` and ``period`` that occurs.
    """
    log, new = rows.log, [name for name in found.column_names if name not in {"key", "period"}]
    if clash := sorted({*new} & {*log.columns}):
        raise ConfigError(
            f"'{log.location}' has a column '{clash[0]}' already, which is the name of a property "
            "of its images; rename it, or leave `images` out."
        )
    log.connection.register("measured_images", found)
    kept = [name for name in log.columns if not (image.is_bytes and name == image.column)]
    chosen = ", ".join([f"p.{identifier(name)}" for name in kept] + [f"p.{KEY}"])
    added = ", ".join(f"i.{identifier(name)}" for name in new)
    log.query(
        f"CREATE OR REPLACE TEMP TABLE {identifier(table)} AS SELECT {chosen}, {added} "
        f"FROM (SELECT *, {image.key} AS {KEY}, {_period(rows, windows)} AS {PERIOD} "
        f"FROM ({rows.statement})) AS p LEFT JOIN measured_images AS i "
        f"ON p.{KEY} = i.key AND p.{PERIOD} IS NOT DISTINCT FROM i.period"
    )
    log.connection.unregister("measured_images")
    described = log.query(f"DESCRIBE {identifier(table)}")
    columns = {str(row[0]): str(row[1]) for row in described if identifier(str(row[0])) != KEY}
    view = identifier(table)
    seen = replace(log, view=view, columns=columns)
    return replace(rows, log=seen, statement=f"SELECT * FROM {view} AS log")


def reasons(rows: Rows, column: str, without: str) -> dict[str, int]:
    """Rows by why their image could not be read; `without` is why if they name none."""
    found: list[tuple[Any, ...]] = rows.log.query(
        f"SELECT coalesce({identifier(column)}, {literal(without)}) AS reason, count(*) "
        f"FROM ({rows.statement}) WHERE reason <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return {str(reason): int(n) for reason, n in found}


def unusual_images(rows: Rows, scales: Sequence[Scale], n: int, most: float) -> Picked:
    """The `n` images whose columns are nearest to what is usual, and the `n` furthest from it.

    It is the mean over the columns of the distance in standard deviations, none counting more than
    `most`; of rows with properties beside them, broken images and values that are not there left
    out. Alike ones come in the order of their keys.
    """
    away = ", ".join(f"({identifier(s.column)} - {s.mean!r}) / {s.deviation!r}" for s in scales)
    statement = (
        f"SELECT key, list_position(size, list_max(size)) AS place, d[place] AS furthest, "
        f"list_avg(list_transform(list_filter(size, lambda x: x >= 0), "
        f"lambda x: least(x, {most!r}))) AS score "
        f"FROM (SELECT *, list_transform(d, lambda x: coalesce(abs(x), -1)) AS size "
        f"FROM (SELECT {KEY} AS key, any_value([{away}]) AS d FROM ({rows.statement}) "
        f"WHERE image_broken = '' GROUP BY 1)) WHERE score IS NOT NULL ORDER BY score"
    )

    def found(order: str) -> list[tuple[str, tuple[str, float]]]:
        listed = rows.log.query(f"{statement} {order}, key LIMIT {int(n)}")
        return [(str(row[0]), (scales[row[1] - 1].column, float(row[2]))) for row in listed]

    return Picked(found("ASC"), found("DESC"))


def constant_columns(rows: Rows, columns: Sequence[str]) -> list[str]:
    """Those of `columns` that have one value in all `rows`."""
    if not columns:
        return []
    same = ", ".join(
        f"min({identifier(name)}) IS NOT DISTINCT FROM max({identifier(name)})" for name in columns
    )
    found = rows.log.query(f"SELECT {same} FROM ({rows.statement})")[0]
    return [name for name, is_constant in zip(columns, found, strict=True) if is_constant]


def _period(rows: Rows, windows: tuple[Cadence, tzinfo]) -> str:
    if rows.log.time is None:
        return "NULL::BIGINT"
    return f"epoch_us({rows.log.time.window_start(*windows)})"
