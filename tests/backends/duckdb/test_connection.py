"""Faults of the engine become one sentence without a value; names and texts are inert."""

from __future__ import annotations

import duckdb
import pytest

from monitoring_pipelines.backends.duckdb.connection import connect, identifier, literal, readable
from monitoring_pipelines.errors import SourceChangedError, SourceUnreadableError

HOSTILE = ['a"b', "it's", "x; DROP TABLE t", "100%", "näme\n2", "", "\\", "--", "日本"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert connect().execute(f"SELECT {literal(text)}").fetchone() == (text,)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name])
def test_a_name_is_one_column(name: str) -> None:
    found = connect().execute(f"SELECT 1 AS {identifier(name)}").description
    assert [column[0] for column in found or ()] == [name]


def test_the_engine_is_in_utc_and_fetches_nothing() -> None:
    names = ("TimeZone", "autoinstall_known_extensions", "autoload_known_extensions")
    settings = [f"current_setting('{name}')" for name in names]
    found = connect().execute(f"SELECT {', '.join(settings)}").fetchone()
    assert found == ("UTC", False, False)


def told(error: Exception) -> str:
    with pytest.raises(SourceUnreadableError) as caught, readable("log.csv"):
        raise error
    return str(caught.value)


def test_a_value_is_never_quoted() -> None:
    message = "Conversion Error: Could not convert string 'hunter2' to INT32"
    assert told(duckdb.ConversionException(message)) == (
        "'log.csv' cannot be read: Conversion Error."
    )
    message = "Invalid Input Error: Failed to cast value 'hunter2' to number"
    assert "hunter2" not in told(duckdb.InvalidInputException(message))


def test_place_and_kind_of_a_fault_are_named() -> None:
    message = 'Invalid Input Error: Malformed JSON in file "a.jsonl", at byte 3 in line 7: x'
    assert told(duckdb.InvalidInputException(message)) == (
        "'log.csv' cannot be read: malformed JSON in 'a.jsonl' at line 7."
    )


def test_memory_that_does_not_do_is_said() -> None:
    assert told(duckdb.OutOfMemoryException("Out of Memory Error: failed")) == (
        "'log.csv' cannot be read: it needs more than the 4GB of memory that are allowed."
    )


def test_a_file_that_went_away_has_changed() -> None:
    with pytest.raises(SourceChangedError), readable("log.csv"):
        raise duckdb.IOException('IO Error: No files found that match the pattern "a.csv"')


def test_damaged_gzip_is_said() -> None:
    assert told(EOFError("ended")) == "'log.csv' cannot be read: damaged gzip data."
