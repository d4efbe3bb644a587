"""`mlmon doctor`: what is configured, what of it works, what to do about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitoring_pipelines.cli.output import format_option, show
from monitoring_pipelines.cli.project import find_models, now, root_of
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option(
    "--send-test", is_flag=True, help="Send a test message everywhere; Slack's is deleted."
)
@format_option("table", "json")
@click.pass_obj
def doctor(folder: Path, /, send_test: bool, style: str) -> None:  # noqa: FBT001 - a flag of the command line
    """Check configuration, database, locations and the way of alerts to people."""
    from monitoring_pipelines.pipeline import alert_path
    from monitoring_pipelines.pipeline.doctor import examine
    from monitoring_pipelines.pipeline.environment import open_store

    store = open_store(root_of(folder))
    models = find_models(folder)
    findings = list(examine(models, store, now()))
    if send_test:
        findings += alert_path.send_test(models, store)
    rows = [{"what": f.what, "verdict": f.verdict.value, "sentence": f.sentence} for f in findings]
    show(rows, style, ("verdict", "what", "sentence"))
    if any(finding.verdict is Verdict.FAIL for finding in findings):
        raise SystemExit(1)
