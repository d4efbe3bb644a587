"""`mlmon db`: bring the database to this release, and let each role do its job only."""

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING

import click

from monitoring_pipelines.cli.project import root_of

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def db() -> None:
    """Look after the monitoring database."""


@db.command()
@click.pass_obj
def upgrade(folder: Path, /) -> None:
    """Create the tables, or migrate them to this release."""
    from monitoring_pipelines.pipeline.environment import DATABASE, default_url
    from monitoring_pipelines.store.database import Store

    # a database of its own needs no project
    url = os.environ.get(DATABASE) or default_url(root_of(folder))
    store = Store.open(url, upgrade=True)
    click.echo(f"{store.label}: version {store.version}")


@db.command()
def roles() -> None:
    """Print the SQL of least-privilege roles for Postgres: source, writer, reader, keeper."""
    from monitoring_pipelines import store

    text = resources.files(store).joinpath("roles.sql").read_text(encoding="utf-8")
    click.echo(text, nl=False)
