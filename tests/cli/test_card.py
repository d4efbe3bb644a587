"""`mlmon card import` writes a card that loads, and a new file only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from click.testing import CliRunner

from monitoring_pipelines.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def test_to_the_screen_and_to_a_new_file(tmp_path: Path) -> None:
    source, out = tmp_path / "i.csv", tmp_path / "card.yaml"
    source.write_text("name,deputy\ncredit,bo\n")
    done = CliRunner().invoke(main, ["card", "import", str(source)])
    assert done.exit_code == 0
    assert yaml.safe_load(done.stdout) == {"deputy": "bo"}
    assert done.stderr.startswith("1 keys are filled, 12 are left to a person: tier, purpose, ")
    assert CliRunner().invoke(main, ["card", "import", str(source), "--out", str(out)]).stdout == ""
    assert yaml.safe_load(out.read_text()) == {"deputy": "bo"}
    done = CliRunner().invoke(main, ["card", "import", str(source), "--out", str(out)])
    assert (done.exit_code, "is there already" in done.stderr) == (2, True)


def test_a_mistake_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("name,tier\ncredit,9\n")
    done = CliRunner().invoke(main, ["card", "import", str(tmp_path / "i.csv")])
    assert done.exit_code == 2
    assert done.stderr.startswith("mlmon: ")
    assert "i.csv:2: " in done.stderr
