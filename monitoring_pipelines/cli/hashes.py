"""`mlmon hash`: what a person's name is called in the tables, to find or erase their rows."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING

import click

from monitoring_pipelines.cli.project import root_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command("hash")
@click.pass_obj
def hash_(folder: Path, /) -> None:
    """Print the hashes of a text that is asked for, or read from standard input, by every key.

    The keys are those that MONITORING_HASH_KEYS names, else the one that was drawn for the project.
    It is no argument, since arguments stay in the shell's history.
    """
    from monitoring_pipelines.pipeline.environment import hash_key, hash_keys, home_of

    keys = hash_keys() or [hash_key(home_of(root_of(folder)))]
    text = getpass("Text: ") if sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    for key in keys:
        click.echo(key.personal(text) or "")
