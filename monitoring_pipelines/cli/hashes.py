"""`mlmon hash`: what a person's name is called in the tables, to find or erase their rows."""

from __future__ import annotations

import sys
from getpass import getpass

import click

from monitoring_pipelines.errors import ConfigError


@click.command("hash")
def hash_() -> None:
    """Print the hashes of a text that is asked for, or read from standard input, by every key.

    It is no argument, since arguments stay in the shell's history.
    """
    from monitoring_pipelines.pipeline.environment import HASH_KEYS, hash_keys

    keys = hash_keys()
    if not keys:
        raise ConfigError(f"{HASH_KEYS} names no key: write the names of variables that hold keys.")
    text = getpass("Text: ") if sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    for key in keys:
        click.echo(key.personal(text) or "")
