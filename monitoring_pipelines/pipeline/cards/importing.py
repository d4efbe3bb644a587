"""Which kind of card a file is, by its name and its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.pipeline.cards.document import read_document
from monitoring_pipelines.pipeline.cards.huggingface import read_card
from monitoring_pipelines.pipeline.cards.mlflow import read_mlflow
from monitoring_pipelines.pipeline.cards.table import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.pipeline.cards.draft import Draft

TABLES = (".csv", ".tsv")


def import_card(path: Path, name: str | None = None) -> Draft:
    """Begin a card by a file: README.md, MLmodel, meta.yaml, an answer in JSON, or a CSV table.

    In a folder the first of README.md, MLmodel and meta.yaml is taken.
    """
    if path.is_dir():
        found = [path / inner for inner in ("README.md", "MLmodel", "meta.yaml")]
        path = next((file for file in found if file.is_file()), found[0])
    if path.suffix.lower() in TABLES:
        return read_table(path, name)
    document = read_document(path)
    return read_card(document) if path.suffix.lower() == ".md" else read_mlflow(document)
