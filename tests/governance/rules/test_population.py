"""More than one per cent outside is too many; what a summary cannot tell is unknown."""

from __future__ import annotations

import pytest

from monitoring_pipelines.governance.card import Allowed
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
from monitoring_pipelines.summaries.table import TableSummary
from tests.governance.cases import card, facts, judged


def countries(n_ch: int, other: int = 0) -> TableSummary:
    categories = Categories(("AT", "CH", "DE"), (500, n_ch, 500 - n_ch - other), other)
    column = ColumnSummary(
        "country", ColumnKind.CATEGORICAL, "text", 1_000, 0, categories=categories
    )
    return TableSummary(1_000, 0, {"country": column}, (1_000,))


ALLOWED = card(intended_population={"country": Allowed(values=("DE", "AT"))})


@pytest.mark.parametrize(
    ("table", "verdict", "told"),
    [
        (countries(10), "ok", "10 of 1,000 rows are outside of the intended country"),
        (countries(11), "fail", "11 of 1,000 rows"),
        (countries(5, other=6), "fail", "11 of 1,000 rows"),
    ],
)
def test_a_share_of_rows(table: TableSummary, verdict: str, told: str) -> None:
    found = judged("GOV-10", ALLOWED, facts(table=table))
    assert found[0] == verdict
    assert told in found[1]


def test_what_may_be_on_either_side_is_unknown() -> None:
    # LU is allowed and was never seen before: it may be among the others
    allowed = card(intended_population={"country": Allowed(values=("DE", "AT", "LU"))})
    found = judged("GOV-10", allowed, facts(table=countries(5, other=50)))
    assert found == (
        "unknown", "between 5 and 55 of 1,000 rows are outside of the intended country",
    )  # fmt: skip


def test_an_unknown_column_is_not_fine() -> None:
    allowed = card(intended_population={"age": Allowed(minimum=18)})
    found = judged("GOV-10", allowed, facts(table=countries(0)))
    assert found == ("unknown", "the values of age are not known")
    empty = TableSummary(0, 0, {}, (0,))
    assert judged("GOV-10", ALLOWED, facts(table=empty))[0] == "unknown"


def test_it_needs_a_population_and_a_summary() -> None:
    assert judged("GOV-10", card(), facts()) == ("", "governance.intended_population")
    assert judged("GOV-10", ALLOWED, facts()) == ("", "a summary of the window")
