"""An embedded DuckDB that uses no network, and its errors in one sentence."""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from gzip import BadGzipFile
from typing import TYPE_CHECKING

import duckdb

from monitoring_pipelines.errors import SourceChangedError, SourceUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY_LIMIT = "4GB"


def connect() -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB in UTC that neither loads nor fetches extensions."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT,
            "preserve_insertion_order": "false",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # a relation would draw one
    return connection


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL where no parameter can stand, as in a view."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def readable(location: str) -> Iterator[None]:
    """Turn DuckDB's errors about a source into one sentence without any of its values."""
    try:
        yield
    except (duckdb.IOException, duckdb.HTTPException) as error:
        if "No files found" in str(error) or "No such file" in str(error):
            raise SourceChangedError(location) from error
        raise SourceUnreadableError(location, _sentence(str(error))) from error
    except duckdb.Error as error:
        raise SourceUnreadableError(location, _sentence(str(error))) from error
    except (EOFError, BadGzipFile, zlib.error) as error:
        raise SourceUnreadableError(location, "damaged gzip data.") from error
    except OSError as error:
        raise SourceUnreadableError(location, _sentence(str(error))) from error


def _sentence(message: str) -> str:
    """Name place and kind of the fault; DuckDB's own message may quote rows."""
    line = re.search(r"(?:CSV Error on Line|in line|Line|line):? (\d+)", message)
    file = re.search(
        r"(?:file|File) \"([^\"]+)\"|'([^']+\.(?:parquet|csv|jsonl?)(?:\.gz)?)'", message
    )
    where = f" in '{next(filter(None, file.groups()))}'" if file else ""
    where += f" at line {line[1]}" if line else ""
    lower = message.lower()
    for sign, reason in _REASONS.items():
        if sign in lower:
            return f"{reason}{where}."
    first = re.split(r"[\n:]", message.removeprefix("Invalid Input Error: "))[0].strip()
    first = re.sub(r"'[^']*'?|\"[^\"]*\"?", "a value", first)
    return f"{first[:120].rstrip('.')}{where}."


_REASONS = {
    "no magic bytes": "not a Parquet file, or one that is not completely written",
    "too small to be a parquet": "not a Parquet file, or one that is not completely written",
    "malformed json": "malformed JSON",
    "not utf-8": "text that is not UTF-8",
    "csv error": "a line that does not fit the other lines of the CSV",
    "cast column": "its files have columns of one name and types that do not fit",
    "sniffing": "no CSV table can be recognised",
    "gzip": "damaged gzip data",
    "end-of-stream": "damaged gzip data",
    "no columns": "no table can be recognised",
    "snappy": "damaged Parquet data",
    "zstd": "damaged Parquet data",
    "out of memory": f"it needs more than the {MEMORY_LIMIT} of memory that are allowed",
    "schema mismatch": "its files have columns of one name and types that do not fit",
}
