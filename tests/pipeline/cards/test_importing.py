"""The kind of a card is told by name and content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.importing import import_card

if TYPE_CHECKING:
    from pathlib import Path


def test_by_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "i.CSV").write_text("name,purpose\na,p\n")
    assert import_card(tmp_path / "i.CSV").filled == {"purpose": "p"}
    (tmp_path / "meta.yaml").write_text("name: a\ndescription: q\ncreation_timestamp: 1\n")
    assert import_card(tmp_path).filled == {"purpose": "q"}
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n## Direct Use\nr\n")
    assert import_card(tmp_path).filled == {"purpose": "r"}


def test_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no file '.*README.md'"):
        import_card(tmp_path)
