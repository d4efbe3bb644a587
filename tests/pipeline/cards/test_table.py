"""One row of an inventory is one card; a mistake has the line of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_pipelines.errors import ConfigError
from monitoring_pipelines.pipeline.cards.table import read_table

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
Model Name,Risk tier,Backup,Developers,Last review,Intended use,Vendor
churn,3,bo,"ana; cy",2026-01-15,"keeps
customers",own

credit,1,,eve,,limits,own
"""


def written(folder: Path, text: str) -> Path:
    (folder / "inventory.csv").write_text(text, encoding="utf-8")
    return folder / "inventory.csv"


def test_a_row_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE)
    draft = read_table(path, "churn")
    assert draft.filled == {
        "tier": 3,
        "deputy": "bo",
        "authors": ["ana", "cy"],
        "review": {"last": "2026-01-15"},
        "purpose": "keeps customers",
    }
    assert draft.notes == ["model_name: churn", "vendor: own"]
    # what is empty is not filled
    assert read_table(path, "credit").filled == {"tier": 1, "authors": ["eve"], "purpose": "limits"}
    assert "line 5" in read_table(path, "credit").text()


def test_the_only_row_needs_no_name_and_columns_may_be_apart_by_semicolons(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffname;purpose\ncredit;a, b\n")
    assert read_table(path).filled == {"purpose": "a, b"}


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (TABLE, None, "it has 2 rows; say with --name which model"),
        (TABLE, "chrn", "no row is of 'chrn'. Did you mean 'churn'"),
        ("name,tier\na,9\n", None, r"csv:2: .*\(tier\)"),
        ("name,tier\na,high\n", None, "csv:2: "),
        ("name,last review\n\na,15.1.2026\n", None, "csv:3: "),
        ("name,tier\na\n", None, "csv:2: it has 1 values, and the header names 2"),
        ("name,tier\na,1\na,2\n", "a", "csv:3: 'a' has a row in line 2 already"),
        ("tier,owner\n1,x\n", "a", "csv:1: no column is named name, model"),
        ("name,tier\n", None, "csv:1: it has no row"),
        ("", None, "csv:1: it has no row"),
        ('name,tier\n"a,1\n', None, "it is no CSV"),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, text: str, name: str | None, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_table(written(tmp_path, text), name)
