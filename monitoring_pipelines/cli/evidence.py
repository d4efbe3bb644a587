"""`mlmon evidence`: verify the chain, and give it to somebody who has none of our software."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitoring_pipelines.cli.output import format_option
from monitoring_pipelines.cli.project import find_models, now, root_of

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.evidence import Verification

ANCHOR = click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A head that was kept elsewhere, as every digest shows it; may be given several times.",
)


@click.group()
def evidence() -> None:
    """Prove that what was found is what is stored."""


@evidence.command()
@ANCHOR
@click.option("--chain-only", is_flag=True, help="Do not compare the stored results with it.")
@format_option("table", "json")
@click.pass_obj
def verify(folder: Path, /, anchors: tuple[str, ...], chain_only: bool, style: str) -> None:  # noqa: FBT001 - a flag of the command line
    """Follow the chain of records, and compare the results with it; 1 if something is wrong.

    Edits, gaps and swaps show by themselves. That its end was cut, or that it was written anew,
    shows only against an anchor, or with a key in MONITORING_EVIDENCE_KEY.
    """
    from monitoring_pipelines.governance.chain import Head
    from monitoring_pipelines.pipeline import evidence as proving
    from monitoring_pipelines.pipeline.environment import open_store

    heads = [Head.parse(text) for text in anchors]
    with open_store(root_of(folder)).read() as connection:
        found = proving.verify(connection, heads, results=not chain_only)
    click.echo(_json(found) if style == "json" else found.sentence)
    if not found.holds:
        raise SystemExit(1)


@evidence.command()
@ANCHOR
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP file."
)
@click.pass_obj
def export(folder: Path, /, anchors: tuple[str, ...], out: Path) -> None:
    """Write the records, results, cards, rules and a verifier to a ZIP file.

    It is an evidence export, not a legal determination. Exit code 1 if the chain is broken.
    """
    from monitoring_pipelines.governance.chain import Head
    from monitoring_pipelines.pipeline import export as exporting
    from monitoring_pipelines.pipeline.environment import open_store

    heads = [Head.parse(text) for text in anchors]
    models = [model.config for model in find_models(folder).values()]
    with open_store(root_of(folder)).read() as connection:
        done = exporting.export(connection, models, out, now(), heads)
    click.echo(done.sentence)
    if done.broken is not None:
        raise SystemExit(1)


def _json(found: Verification) -> str:
    told = {
        "holds": found.holds,
        "records": found.n_records,
        "head": str(found.head),
        "first_bad_record": found.broken.seq if found.broken else None,
        "reason": found.broken.reason if found.broken else None,
        "results": found.n_rows,
        "older_than_the_chain": found.n_older,
        "wrong_results": list(found.wrong_rows),
    }
    return json.dumps(told, indent=1)
