"""From log files of LLM and agent calls to canonical tables on disk."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from monitoring_pipelines.backends.duckdb.connection import connect, literal
from monitoring_pipelines.backends.duckdb.llm_calls import overclaimed, view_tables, write_calls
from monitoring_pipelines.backends.duckdb.llm_plain import copy_plain
from monitoring_pipelines.backends.duckdb.llm_tasks import write_tasks
from monitoring_pipelines.backends.duckdb.log import open_files
from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.quarantine import judge_quarantine
from monitoring_pipelines.logs.files import with_delimiter
from monitoring_pipelines.logs.llm.prices import brackets, rates
from monitoring_pipelines.logs.llm.reading import Report
from monitoring_pipelines.logs.llm.spool import Spool, call_types
from monitoring_pipelines.logs.llm.workers import read_files

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    import duckdb

    from monitoring_pipelines.domain.files import FileSet
    from monitoring_pipelines.logs.llm.hashes import Hashes

_TABLES = {"calls": "llm_calls", "tools": "tool_calls", "tasks": "tasks"}


@dataclass(frozen=True, slots=True)
class LlmTables:
    """Canonical tables as Parquet files.

    `calls`, `tools` and `tasks` count everything once; `events`, `usage`, `scores`, `terms` and
    `quarantine` are as they were read. `overclaimed` is the number of spans that claim more tokens
    than the calls below them have.
    """

    calls: Path
    tools: Path
    tasks: Path
    events: Path
    usage: Path
    scores: Path
    terms: Path
    quarantine: Path
    report: Report
    overclaimed: int

    @property
    def judgement(self) -> Judgement:
        """Whether enough of the log could be read."""
        return judge_quarantine(Share(self.report.quarantined, self.report.records))


def read_llm_logs(files: FileSet, folder: Path, hashes: Hashes, workers: int = 1) -> LlmTables:
    """Read `files` into tables in `folder`; nothing but these tables is left there.

    Long files are read by as many processes as `workers`.
    """
    report = read_files(files, folder / "read", hashes, workers)
    with closing(connect()) as connection:
        return _derived(connection, folder, report)


def read_plain_table(
    files: FileSet, folder: Path, columns: dict[str, str], zone: tzinfo = UTC
) -> LlmTables:
    """Read a table of calls with names of its own (`columns`: canonical name to own name).

    Its own columns stay beside the canonical ones. Times that name no zone are of `zone`.
    """
    read = folder / "read"
    with Spool(read):
        pass  # tables of tools and spans, of which such a table tells nothing
    with closing(connect()) as connection:
        connection.execute(f"SET TimeZone = {literal(str(zone))}")
        log = open_files(connection, "plain", with_delimiter(files))
        copy_plain(log, columns, call_types(), read / "llm_calls.parquet")
        return _derived(connection, folder, Report())


def _derived(connection: duckdb.DuckDBPyConnection, folder: Path, report: Report) -> LlmTables:
    read = folder / "read"
    view_tables(connection, read)
    write_calls(connection, rates, brackets())
    write_tasks(connection)
    for table, name in _TABLES.items():
        target = literal(str(folder / f"{name}.parquet"))
        connection.execute(f"COPY {table} TO {target} (FORMAT parquet, COMPRESSION zstd)")
    claims = len(overclaimed(connection))
    for name in ("llm_calls", "tool_calls", "spans"):
        (read / f"{name}.parquet").unlink()
    for name in ("events", "usage", "scores", "terms", "quarantine"):
        (read / f"{name}.parquet").rename(folder / f"{name}.parquet")
    read.rmdir()
    return LlmTables(
        calls=folder / "llm_calls.parquet",
        tools=folder / "tool_calls.parquet",
        tasks=folder / "tasks.parquet",
        events=folder / "events.parquet",
        usage=folder / "usage.parquet",
        scores=folder / "scores.parquet",
        terms=folder / "terms.parquet",
        quarantine=folder / "quarantine.parquet",
        report=report,
        overclaimed=claims,
    )
