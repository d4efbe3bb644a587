"""A fresh database for tests of what is stored: SQLite, and Postgres where there is one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from monitoring_pipelines.store import engine as engines
from monitoring_pipelines.store.schema import metadata, results

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pytest

    from monitoring_pipelines.domain.result import Result


def new(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[sa.Engine]:
    url = sa.make_url(f"sqlite:///{folder}/alerts.db")
    if kind == "postgres":
        url = sa.make_url(request.getfixturevalue("postgres_database"))
        url = url.set(drivername="postgresql+psycopg")
    engine = engines.create(url)
    if kind == "sqlite":
        # what a test writes need not survive a power failure
        sa.event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF"))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def put(engine: sa.Engine, rows: Iterable[Result]) -> None:
    """Store results as a run does: a row of the same evaluation is replaced."""
    with engine.begin() as connection:
        for result in rows:
            row: dict[str, Any] = asdict(result)
            window = row.pop("window")
            row |= {"window_start": window["start"], "window_end": window["end"]}
            key = [column == row[column.name] for column in results.primary_key.columns]
            connection.execute(results.delete().where(*key))
            connection.execute(results.insert().values(row))


def everything(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, to see whether anything was written."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }
