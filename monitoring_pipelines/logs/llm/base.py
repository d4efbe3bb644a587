"""What a log format is, and the registry that holds them.

A format is one file with two pure functions of a decoded record: `recognise` looks at its keys,
`read` gives canonical rows or raises `RecordError`, and then the record is quarantined. Formats
do not overlap: at most one recognises a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring_pipelines.logs.llm.hashes import Hashes
    from monitoring_pipelines.logs.llm.records import Found, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFormat:
    """One shape of record. `recognise` must not fail for any dictionary.

    `ids_come_again`: its ids are those of tasks that are run again and again, batch by batch.
    """

    name: str
    recognise: Callable[[Record], bool]
    read: Callable[[Record, Hashes], Found]
    ids_come_again: bool = False


FORMATS = Registry[LogFormat]("log format")


def register(log_format: LogFormat) -> LogFormat:
    """Add a format; called at the end of its file."""
    FORMATS.add(log_format.name, log_format)
    return log_format
