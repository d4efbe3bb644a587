"""A card in a file beside a model's `defs.yaml`: YAML, or Markdown that begins with YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from monitoring_pipelines.components.templates import fill_in
from monitoring_pipelines.config.governance import Governance
from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.document import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def with_card_file(governance: Governance, folder: Path, scope: Mapping[str, Any]) -> Governance:
    """`governance` with what its file says; raises a `ConfigError` with file and line."""
    if governance.card_file is None:
        return governance
    document = read_document(folder / governance.card_file)
    beside = governance.model_fields_set - {"card_file", "profile"}
    if twice := sorted(beside & document.content.keys()):
        raise document.fault([twice[0]], f"`{twice[0]}` stands here and in `governance`, too.")
    for name in ("profile", "card_file"):
        if name in document.content:
            raise document.fault([name], f"`{name}` belongs into the model's own YAML.")
    own = {name: getattr(governance, name) for name in governance.model_fields_set}
    try:
        read = Governance.model_validate(fill_in(document.content, scope))
    except ValidationError as error:
        line = error.errors()[0]
        told = str(line["msg"]).removeprefix("Value error, ")
        raise document.fault(line["loc"], f"{told} ({'.'.join(map(str, line['loc']))})") from None
    except ConfigError as error:
        raise document.fault([], str(error)) from None
    return read.model_copy(update=own)
