"""`mlmon`: everything the assets do, without a daemon."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from monitoring_pipelines import __version__
from monitoring_pipelines.cli.card import card
from monitoring_pipelines.cli.db import db
from monitoring_pipelines.cli.doctor import doctor
from monitoring_pipelines.cli.evidence import evidence
from monitoring_pipelines.cli.governance import approve, coverage, exception, serious
from monitoring_pipelines.cli.handling import ack, feedback, silence, silences, unsilence
from monitoring_pipelines.cli.hashes import hash_
from monitoring_pipelines.cli.incidents import incidents
from monitoring_pipelines.cli.init import init
from monitoring_pipelines.cli.outbox import outbox
from monitoring_pipelines.cli.replay import replay
from monitoring_pipelines.cli.report import report
from monitoring_pipelines.cli.results import results
from monitoring_pipelines.cli.retention import retention
from monitoring_pipelines.cli.run import run
from monitoring_pipelines.cli.slack import slack
from monitoring_pipelines.errors import MonitoringError


class _OneLine(click.Group):
    """Errors that we raise on purpose are one line and exit code 2, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (MonitoringError, click.ClickException) as error:
            text = error.format_message() if isinstance(error, click.ClickException) else str(error)
            click.echo(f"mlmon: {text}", err=True)
            sys.exit(2)


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mlmon")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The dg project, or a folder in it; by default the current one.",
)
@click.pass_context
def main(context: click.Context, project: Path) -> None:
    """Monitor machine-learning models: run, look, and be told.

    Exit codes: 0 fine, 1 something fires, 2 usage or configuration.
    """
    context.obj = project.resolve()


for _command in (
    init, run, replay, results, report, incidents, ack, feedback, silence, silences, unsilence,
    outbox, slack, doctor, db, evidence, approve, exception, serious, coverage,
    hash_, retention, card,
):  # fmt: skip
    main.add_command(_command)


def console() -> None:
    """Run `main` and leave the process at once.

    When Python takes its modules down, DuckDB's binding writes pages about "leaked" functions to
    stderr; nobody could do anything about them.
    """
    try:
        main()
        code: Any = 0
    except SystemExit as leaving:
        code = leaving.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
