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

# what a table may say under the canonical name itself
_OWN = ("output_valid", "script")

# what a row says that failed
_ERRORS = {
    "error_class": "nullif({}::VARCHAR, '') IS NOT NULL",
    "http_status": "TRY_CAST({} AS BIGINT) >= 400",
}


def copy_plain(
    log: Log,
    columns: dict[str, str],
    types: dict[str, str],
    target: Path,
    source_file: str | None = None,
) -> int:
    """Write the rows of `log` as canonical calls to the Parquet file `target`.

    `columns` gives the table's column for a canonical one, ``{"input_tokens": "prompt_toks"}``;
    ``latency_s``, ``ttft_s`` and ``latency_us`` are durations in seconds and microseconds. `types`
    are the canonical columns and their DuckDB types; `output_valid` and `script` need not be named.
    Values that do not fit are NULL. The other columns of the table are kept under their names, for
    segments and labels. Without an `id` a row is known by a hash of all it says; equal rows are
    numbered. If the table tells of errors and has no `status`, a row without an error is ``ok``.
    The rows are those of `source_file`; their number is given back.

    Raises
    ------
    UnknownNameError, MissingColumnError
        If a canonical name, or a column, does not exist.
    """
    chosen: dict[str, tuple[str, float]] = {
        n: (n, 1) for n in _OWN if n in {*types} & {*log.columns}
    }
    for name, column in columns.items():
        canonical, factor = _UNITS.get(name, (name, 1))
        if canonical not in types:
            raise UnknownNameError("column of calls", name, {*types, *_UNITS})
        log.require([(f"columns.{name}", column)])
        chosen[canonical] = (column, factor)
    parts = [_part(name, dtype, chosen, source_file) for name, dtype in types.items()]
    parts += [identifier(name) for name in log.columns if name not in types]
    log.query(
        f"COPY (SELECT {', '.join(parts)} FROM {log.view} t) TO {literal(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
    return int(log.query(f"SELECT count(*) FROM {log.view}")[0][0])


def _part(
    name: str, dtype: str, chosen: dict[str, tuple[str, float]], source_file: str | None
) -> str:
    if name in chosen:
        column, factor = identifier(chosen[name][0]), chosen[name][1]
        if factor != 1:
            return f"TRY_CAST({column} AS DOUBLE) * {factor} AS {identifier(name)}"
        return f"TRY_CAST({column} AS {dtype}) AS {identifier(name)}"
    if name == "status" and (signs := [_ERRORS[key] for key in _ERRORS if key in chosen]):
        columns = [identifier(chosen[key][0]) for key in _ERRORS if key in chosen]
        failed = " OR ".join(
            sign.format(column) for sign, column in zip(signs, columns, strict=True)
        )
        return f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END AS status"
    constant = {
        "id": "md5(t::VARCHAR) || ':' || row_number() OVER (PARTITION BY t::VARCHAR)",
        "operation": "'chat'",
        "is_total": "false",
        "format": "'plain'",
        "source_file": literal(source_file) if source_file else "NULL::VARCHAR",
    }.get(name, f"NULL::{dtype}")
    return f"{constant} AS {identifier(name)}"
