"""A model card of Hugging Face: README.md, with metadata in YAML above the text.

The metadata tells data sets, licences and reported results; sections of the standard template tell
purpose, uses out of scope, and who developed it. Nothing is fetched.

References
----------
Hugging Face, "Model cards", https://huggingface.co/docs/hub/model-cards, and the template of
huggingface_hub, src/huggingface_hub/templates/modelcard_template.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.pipeline.cards.draft import Draft, sentence

if TYPE_CHECKING:
    from monitoring_pipelines.pipeline.cards.document import Document

# what the template says where nobody wrote anything
BLANK = re.compile(r"\[?more information needed\]?|\{\{.*?\}\}|<!--.*?-->", re.I | re.S)
PURPOSE = ("direct use", "intended use", "intended uses", "uses", "intended uses & limitations")
PROHIBITED = ("out-of-scope use", "out of scope use", "out-of-scope uses", "misuse")
TOLD = ("license", "base_model", "library_name", "pipeline_tag", "language", "co2_eq_emissions")


def read_card(document: Document) -> Draft:
    """What of it fits the card of a model here; raises a `ConfigError` with file and line."""
    meta, draft = document.content, Draft(str(document.path))
    sections = _sections(document.text)
    purpose = next((sections[name] for name in PURPOSE if sections.get(name)), "")
    if purpose:
        draft.filled["purpose"] = sentence(purpose)
    prohibited = next((sections[name] for name in PROHIBITED if sections.get(name)), "")
    if prohibited:
        draft.filled["prohibited_uses"] = [sentence(prohibited)]
    if authors := _authors(document.text):
        draft.filled["authors"] = authors
    if sources := _sources(document):
        draft.filled["data_sources"] = sources
        draft.notes.append("licence and version of each data set are not in such a card")
    draft.notes += [f"{name}: {meta[name]}" for name in TOLD if meta.get(name)]
    draft.notes += _results(document)
    draft.check(document.fault)
    return draft


def _sources(document: Document) -> list[dict[str, str]]:
    found = document.content.get("datasets") or []
    names = [found] if isinstance(found, str) else found
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise document.fault(["datasets"], "`datasets` is a list of names.")
    return [{"name": sentence(name)} for name in dict.fromkeys(names)]


def _results(document: Document) -> list[str]:
    """Reported results, as notes: none of them is a promise."""
    index = document.content.get("model-index") or []
    if not isinstance(index, list):
        raise document.fault(["model-index"], "`model-index` is a list of models with results.")
    told = []
    for number, model in enumerate(index):
        results = model.get("results") if isinstance(model, dict) else None
        if not isinstance(results, list):
            raise document.fault(["model-index", number], "a model without a list `results`.")
        for one in results:
            told += _metrics(one) if isinstance(one, dict) else []
    return told


def _metrics(result: dict[str, Any]) -> list[str]:
    dataset = result.get("dataset")
    of = f" on {dataset.get('name', '')}" if isinstance(dataset, dict) else ""
    metrics = result.get("metrics")
    return [
        f"reported {one.get('name') or one.get('type')} {one.get('value')}{of}"
        for one in (metrics if isinstance(metrics, list) else [])
        if isinstance(one, dict)
    ]


def _sections(text: str) -> dict[str, str]:
    """First paragraph below each heading, by the heading in small letters; "" of an empty one."""
    parts = re.split(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", text, flags=re.M)
    found: dict[str, str] = {}
    for heading, below in zip(parts[1::2], parts[2::2], strict=True):
        told = BLANK.sub("", below).strip()
        found.setdefault(heading.strip().lower(), re.split(r"\n[ \t]*\n", told)[0].strip())
    return found


def _authors(text: str) -> list[str]:
    match = re.search(
        r"^[-*][ \t]*\*\*(?:Developed by|Model creators?):?\*\*:?[ \t]*(.+)$", text, re.M | re.I
    )
    told = BLANK.sub("", match[1]).strip() if match else ""
    return [name for part in told.split(",") if (name := sentence(part))]
