"""Reads records of LLM and agent logs as the readers do, and finds the recorded ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitoring_pipelines.logs.llm.hashes import Hashes
from monitoring_pipelines.logs.llm.reading import RecordReader
from tests.golden.public_data import folder

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.logs.llm.records import Call, Found

HASHES = Hashes(b"a key of the tests")


def found_in(record: dict[str, Any], log_format: str) -> Found:
    """What is found in a record that must be of the given format."""
    name, found = RecordReader(HASHES).read(record)
    assert name == log_format
    return found


def call_in(record: dict[str, Any], log_format: str) -> Call:
    """The one call that is found in a record."""
    (call,) = found_in(record, log_format).calls
    return call


def recorded() -> list[Path]:
    """Every recorded file of LLM and agent logs."""
    data = folder()
    found = [*data.glob("llm_logs/*/*.json*"), *data.glob("llm_otel_traces/traces/*.json")]
    assert found, f"no recorded logs in {data}"
    return sorted(found)
