"""The card in a file beside `defs.yaml`, with errors of file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitoring_pipelines.components.card_file import with_card_file
from monitoring_pipelines.components.project import load_models
from monitoring_pipelines.errors import ConfigError
from tests.dagster_project import attributes, write_project
from tests.pipeline.lab import declared

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring_pipelines.config.governance import Governance

CARD = 'tier: 1\npurpose: "{{ env.WHY }}"\nreview:\n  last: 2026-01-01\n'


def read(folder: Path, text: str, name: str = "card.yaml", **more: Any) -> Governance:
    (folder / name).write_text(text, encoding="utf-8")
    governance = declared(governance=more | {"card_file": name} if more else name).governance
    return with_card_file(governance, folder, {"env": {"WHY": "limits"}})


@pytest.mark.parametrize(
    ("name", "text"), [("card.yaml", CARD), ("CARD.MD", f"---\n{CARD}---\n# For people\n")]
)
def test_a_file_is_as_good_as_the_section(tmp_path: Path, name: str, text: str) -> None:
    found = read(tmp_path, text, name)
    inline = declared(
        governance={"tier": 1, "purpose": "limits", "review": {"last": "2026-01-01"}}
    ).governance
    assert found.written == inline.written
    assert found.is_declared
    assert (found.card_file, found.is_on) == (name, True)


def test_keys_beside_it_are_added(tmp_path: Path) -> None:
    found = read(tmp_path, CARD, deputy="bo")
    assert (found.deputy, found.tier) == ("bo", 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tier: 1\nporpose: x\n", "card.yaml:2: Unknown key 'porpose'. Did you mean 'purpose'"),
        ("tier: 1\nreview:\n  last: soon\n", "card.yaml:3: "),
        ("tier: 1\nmetrics:\n- {name: roc_auc}\n", r"card.yaml:3: The threshold of 'roc_auc'"),
        ("tier: 1\ndeputy: x\n", "card.yaml:2: `deputy` stands here and in `governance`, too"),
        ("profile: off\n", "card.yaml:1: `profile` belongs into the model's own YAML"),
        ("tier: [\n", "card.yaml:2: it is no YAML"),
        ("purpose: '{{ env.NO }}'\n", "card.yaml:1: .*cannot be filled in"),
    ],
)
def test_mistakes_have_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, text, deputy="bo")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    governance = declared(governance="card.yaml").governance
    assert not governance.is_declared  # nothing was read yet
    with pytest.raises(ConfigError, match="There is no file"):
        with_card_file(governance, tmp_path, {})


def test_in_a_project(tmp_path: Path) -> None:
    root = write_project(tmp_path, attributes(name="churn", governance="card.md"))
    with pytest.raises(ConfigError, match="There is no file '.*card.md'"):
        load_models(root)
    [defs] = [p for p in root.rglob("defs.yaml") if "card.md" in p.read_text()]
    (defs.parent / "card.md").write_text("---\ndeputy: bo\n---\n")
    assert load_models(root)["churn"].config.governance.deputy == "bo"
