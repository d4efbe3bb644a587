"""Every mistake has a file and a line, also below the three lines of a Markdown file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards import document
from monitoring_pipelines.pipeline.cards.document import read_document, read_text

if TYPE_CHECKING:
    from pathlib import Path

CARD = "purpose: credit\nreview:\n  last: 2026-01-01\nmetrics:\n- {name: mae}\n- {name: mse}\n"


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("place", "line"),
    [([], 1), (["purpose"], 1), (["review", "last"], 3), (["metrics", 1, "name"], 6), (["no"], 1)],
)
def test_a_key_has_its_line(tmp_path: Path, place: list[str | int], line: int) -> None:
    found = read_document(written(tmp_path, "card.yaml", CARD))
    assert found.line_of(place) == line
    assert str(found.fault(place, "told")).endswith(f"card.yaml:{line}: told")
    in_text = read_document(written(tmp_path, "card.md", f"---\n{CARD}---\n# Text\nmore\n"))
    assert in_text.line_of(place) == line + 1
    assert in_text.content == found.content
    assert (in_text.text, in_text.text_line) == ("# Text\nmore\n", 9)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("c.yaml", "a: 1\nb: [", "c.yaml:2: it is no YAML"),
        ("c.yaml", "a: 1\nb: 2\na: 3\n", "c.yaml:3: it is no YAML: the key a stands twice"),
        ("c.yaml", "- a\n", "c.yaml:1: it holds no names with values"),
        ("c.yaml", "1: a\n", "it holds no names with values"),
        ("c.yaml", "a: !!python/object:os.system x\n", "c.yaml:1: it is no YAML"),
        ("c.yaml", "a: 2026-99-99\n", "it is no YAML"),
        ("c.md", "# no front matter\n", "c.md:1: it does not begin with YAML"),
        ("c.md", "---\na: 1\nb: [\n---\n", "c.md:4: it is no YAML"),
        ("c.json", '{"a": 1,\n "b": }', "c.json:2: it is no JSON"),
    ],
)
def test_what_is_none_is_told_with_its_line(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        read_document(written(tmp_path, name, text))


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, "c.yaml", "")).content == {}


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="There is no file"):
        read_text(tmp_path / "no.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_text(tmp_path)
    (tmp_path / "l.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ConfigError, match="is not UTF-8 at byte 3"):
        read_text(tmp_path / "l.yaml")
    monkeypatch.setattr(document, "MAX_BYTES", 3)
    with pytest.raises(ConfigError, match="larger than 3 bytes"):
        read_text(tmp_path / "l.yaml")
