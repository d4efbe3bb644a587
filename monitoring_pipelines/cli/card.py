"""`mlmon card import`: begin a model's card with what stands elsewhere already."""

from __future__ import annotations

from pathlib import Path

import click

from monitoring_pipelines.errors import ConfigError


@click.group()
def card() -> None:
    """Begin the card of a model."""


@card.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", help="Which model of a table with several rows.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A new file.")
def import_(source: Path, name: str | None, out: Path | None) -> None:
    """Write the card that SOURCE allows, with what a person has to fill as comments.

    SOURCE is README.md of Hugging Face, MLflow's MLmodel or meta.yaml, an answer of its REST
    interface in JSON, a CSV table with a row per model, or a folder with one of the first three.
    """
    from monitoring_pipelines.pipeline.cards.importing import import_card

    draft = import_card(source, name)
    text = draft.text()
    if out is None:
        click.echo(text, nl=False)
    else:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise ConfigError(f"'{out}' is there already; choose another name.") from None
        except OSError as error:
            raise ConfigError(f"'{out}' cannot be written: {error.strerror}.") from None
    told = f"{len(draft.filled)} keys are filled, {len(draft.left)} are left to a person"
    click.echo(f"{told}: {', '.join(draft.left)}." if draft.left else f"{told}.", err=True)
