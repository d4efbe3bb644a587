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


def test_a_day_is_one_of_the_model_s_zone(project: Project) -> None:
    (file,) = project.root.glob("*/churn/defs.yaml")
    text = file.read_text("utf-8")
    file.write_text(text.replace("  name: churn", "  name: churn\n  timezone: Asia/Tokyo"), "utf-8")
    project("run", "churn")
    rows = project.json("results", "churn", "--metric", "roc_auc", "--from", "2026-03-04")
    # nine hours ahead of UTC: the day began on the 3rd
    assert rows[0]["window_start"].startswith("2026-03-03T15:00")
    assert not project.json("results", "churn", "--metric", "roc_auc", "--to", "2026-03-01")


def test_a_misspelt_model_is_said(ran: Project) -> None:
    for command in ("results", "incidents"):
        done = ran(command, "chrun")
        assert done.exit_code == 2
        assert "Unknown model 'chrun'. Did you mean 'churn'?" in done.stderr
    # a model that is gone keeps its results
    (file,) = ran.root.glob("*/churn/defs.yaml")
    file.unlink()
    assert ran("results", "churn", "--metric", "roc_auc", "--from", "2026-03-04").exit_code == 0
