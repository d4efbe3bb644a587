"""`mlmon results` gives the decision table in four forms."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Project


@pytest.fixture
def ran(project: Project) -> Project:
    project("run", "churn")
    return project


def test_filters(ran: Project) -> None:
    rows = ran.json("results", "churn", "--metric", "roc_auc", "--from", "2026-03-04")
    assert [row["window_start"][:10] for row in rows] == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert {row["verdict"] for row in rows} == {"fail"}
    ages = ran.json("results", "churn", "--column", "age", "--to", "2026-03-04")
    assert {row["column"] for row in ages} == {"age"}
    everything = ran.json("results", "churn")
    for wanted in ({"fail"}, {"warn", "unknown"}):
        options = [text for verdict in sorted(wanted) for text in ("--verdict", verdict)]
        found = ran.json("results", "churn", *options)
        assert found == [row for row in everything if row["verdict"] in wanted]


def test_every_form_has_the_same_rows(ran: Project) -> None:
    wanted = ("results", "churn", "--metric", "roc_auc")
    values = [row["value"] for row in ran.json(*wanted)]
    text = ran(*wanted, "--format", "csv").stdout
    assert [float(row["value"]) for row in csv.DictReader(io.StringIO(text))] == values
    file = ran.root / "out.parquet"
    assert ran(*wanted, "--format", "parquet", "--out", str(file)).exit_code == 0
    assert pq.read_table(file)["value"].to_pylist() == values


def test_parquet_is_not_for_a_terminal(ran: Project) -> None:
    done = ran("results", "churn", "--format", "parquet")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "give --out FILE.parquet" in done.stderr


def test_nothing_stored_says_how_to_get_something(project: Project) -> None:
    done = project("results", "churn")
    assert done.exit_code == 0
    assert done.stderr == "mlmon: no results of 'churn' match; `mlmon run churn` makes some.\n"
