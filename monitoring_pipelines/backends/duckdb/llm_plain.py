"""A table of calls that somebody keeps under names of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import identifier, literal
from monitoring_pipelines.errors import UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.backends.duckdb.log import Log

# of a duration that is kept in another unit: the factor to milliseconds
_UNITS = {
    "latency_s": ("latency_ms", 1000),
    "ttft_s": ("ttft_ms", 1000),
    "latency_us": ("latency_ms", 0.001),
}


def copy_plain(
    log: Log,
    columns: dict[str, str],
    types: dict[str, str],
    target: Path,
) -> None:
    """Write the rows of `log` as canonical calls to the Parquet file `target`.

    `columns` gives the table's column for a canonical one, ``{"input_tokens": "prompt_toks"}``;
    ``latency_s``, ``ttft_s`` and ``latency_us`` are durations in seconds and microseconds. `types`
    are the canonical columns and their DuckDB types. Values that do not fit are NULL. The other
    columns of the table are kept under their names, for segments and labels. Without an `id` a
    row is known by a hash of all it says; equal rows are numbered.

    Raises
    ------
    UnknownNameError, MissingColumnError
        If a canonical name, or a column, does not exist.
    """
    chosen: dict[str, tuple[str, float]] = {}
    for name, column in columns.items():
        canonical, factor = _UNITS.get(name, (name, 1))
        if canonical not in types:
            raise UnknownNameError("column of calls", name, {*types, *_UNITS})
        log.require([(f"columns.{name}", column)])
        chosen[canonical] = (column, factor)
    parts = [_part(name, dtype, chosen) for name, dtype in types.items()]
    parts += [identifier(name) for name in log.columns if name not in types]
    log.query(
        f"COPY (SELECT {', '.join(parts)} FROM {log.view} t) TO {literal(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


def _part(name: str, dtype: str, chosen: dict[str, tuple[str, float]]) -> str:
    if name in chosen:
        column, factor = identifier(chosen[name][0]), chosen[name][1]
        if factor != 1:
            return f"TRY_CAST({column} AS DOUBLE) * {factor} AS {identifier(name)}"
        return f"TRY_CAST({column} AS {dtype}) AS {identifier(name)}"
    constant = {
        "id": "md5(t::VARCHAR) || ':' || row_number() OVER (PARTITION BY t::VARCHAR)",
        "operation": "'chat'",
        "is_total": "false",
        "format": "'plain'",
    }.get(name, f"NULL::{dtype}")
    return f"{constant} AS {identifier(name)}"
