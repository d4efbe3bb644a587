"""MLflow: a model's `MLmodel` file, `meta.yaml` of its registry, or JSON of its REST interface.

Read as plain files, without MLflow. A version that is registered, or has an alias, is not thereby
approved: versions are told, and left to a person.

References
----------
MLflow, "MLflow Models" (storage format) and "REST API": `registered-models/get`,
`model-versions/get`, `model-versions/search`, `runs/get`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.pipeline.cards.draft import Draft, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitoring_pipelines.pipeline.cards.document import Document

WRAPPED = ("registered_model", "model_version", "run")
MILLISECONDS = 1_000


def is_mlflow(document: Document) -> bool:
    """Whether the content is one that this module knows."""
    content = document.content
    is_model = "flavors" in content and ("artifact_path" in content or "model_uuid" in content)
    is_meta = "name" in content and {"creation_timestamp", "last_updated_timestamp"} & {*content}
    return bool(is_model or is_meta or {*WRAPPED, "model_versions"} & {*content})


def read_mlflow(document: Document) -> Draft:
    """What of it fits the card of a model here; raises a `ConfigError` with file and line."""
    if not is_mlflow(document):
        raise document.fault(
            [],
            "it is neither an MLmodel file, nor meta.yaml of a registered model, nor an answer of "
            "registered-models/get, model-versions/get, model-versions/search or runs/get.",
        )
    draft = Draft(str(document.path))
    parts = [*_parts(document)]
    for one in parts:
        _fill(draft, one)
    versions = [told for one in parts for told in _versions(one)]
    if versions:
        draft.notes.append(f"versions, none of them approved by that: {', '.join(versions)}")
    draft.check(document.fault)
    return draft


def _parts(document: Document) -> Iterator[dict[str, Any]]:
    content = document.content
    for name in WRAPPED:
        if name in content:
            if not isinstance(content[name], dict):
                raise document.fault([name], f"`{name}` is no object.")
            yield content[name]
    versions = content.get("model_versions", [])
    if not isinstance(versions, list) or not all(isinstance(one, dict) for one in versions):
        raise document.fault(["model_versions"], "`model_versions` is a list of versions.")
    yield from versions
    if not {*WRAPPED, "model_versions"} & {*content}:
        yield content


def _fill(draft: Draft, one: dict[str, Any]) -> None:
    if one.get("description") and "purpose" not in draft.filled:
        draft.filled["purpose"] = sentence(one["description"])
    users = [one.get("user_id"), _mapping(one.get("info")).get("user_id")]
    for user in [*users, *(v.get("user_id") for v in _list(one.get("latest_versions")))]:
        authors = draft.filled.setdefault("authors", []) if user else []
        if user and sentence(user) not in authors:
            authors.append(sentence(user))
    data, inputs = _mapping(one.get("data")), _mapping(one.get("inputs"))
    sources = [
        _source(dataset)
        for found in _list(inputs.get("dataset_inputs"))
        if (dataset := _mapping(found.get("dataset"))).get("name")
    ]
    if sources:
        draft.filled["data_sources"] = sources
    draft.notes += [
        f"reported {metric.get('key')} {metric.get('value')}"
        for metric in _list(data.get("metrics"))
    ]
    draft.notes += [f"tag {tag.get('key')}: {tag.get('value')}" for tag in _list(one.get("tags"))]
    for name in ("name", "run_id", "mlflow_version", "utc_time_created"):
        if isinstance(one.get(name), str):
            draft.notes.append(f"{name}: {one[name]}")
    if one.get("flavors"):
        draft.notes.append(f"flavors: {', '.join(map(str, one['flavors']))}")


def _source(dataset: dict[str, Any]) -> dict[str, str]:
    digest = dataset.get("digest")
    return {"name": sentence(dataset["name"])} | ({"version": sentence(digest)} if digest else {})


def _versions(one: dict[str, Any]) -> Iterator[str]:
    aliases: dict[str, list[str]] = {}
    for alias in _list(one.get("aliases")):
        aliases.setdefault(str(alias.get("version")), []).append(str(alias.get("alias")))
    for version in [*_list(one.get("latest_versions")), *([one] if one.get("version") else [])]:
        number = str(version.get("version"))
        stage = version.get("current_stage")
        names = [*aliases.get(number, []), *([str(stage)] if stage not in (None, "None") else [])]
        at = version.get("creation_timestamp")
        names += [f"made {_day(at)}"] if _day(at) else []
        yield f"{number} ({', '.join(names)})" if names else number


def _day(stamp: Any) -> str:
    try:
        return f"{datetime.fromtimestamp(int(stamp) / MILLISECONDS, UTC):%Y-%m-%d}"
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
