"""Sentences that a person understands, without a value of the data."""

from __future__ import annotations

import math
from typing import Any

import pytest

from monitoring_pipelines.summaries.binning import ColumnBinning
from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.why.search import Cause, How
from monitoring_pipelines.why.sentence import names, sentence
from monitoring_pipelines.why.split import Effect, Split

COLUMNS = {
    "RELP": ColumnBinning("RELP", ColumnKind.CATEGORICAL, "text", levels=("0", "16", "17")),
    "zip": ColumnBinning("zip", ColumnKind.CATEGORICAL, "text", levels=("0",), complete=False),
    "age": ColumnBinning("age", ColumnKind.NUMERIC, "float", (1.0, 2.0, 3.0), (0, 1, 2)),
}


def cause(members: tuple[int, ...], *columns: str, how: How = How.MIX, **more: Any) -> Cause:
    whole = Split(Effect(-0.07097, 0.005), Effect(0.01002, 0.006), 0.0, 0.8272)
    fields: dict[str, Any] = {
        "columns": columns,
        "members": members,
        "how": how,
        "effect": whole.mix,
        "split": whole,
        "before": 0.0747,
        "now": 1.0,
        "there": -0.2,
        "elsewhere": 0.01,
        "holds": True,
    }
    return Cause(**fields | more)


def test_other_rows_came() -> None:
    assert sentence(cause((1, 2), "RELP"), "accuracy", COLUMNS) == (
        "2 of 3 values of RELP went from 7.47 % to 100 % of the rows, which alone changes accuracy "
        "by -0.071; inside the parts it changed by +0.01"
    )


def test_the_model_changed_with_some() -> None:
    told = sentence(cause((1,), "RELP", how=How.LOCAL, now=0.12), "roc_auc", COLUMNS)
    assert told == (
        "1 of 3 values of RELP (12 % of the rows): roc_auc changed by -0.2 there and by +0.01 "
        "elsewhere"
    )


@pytest.mark.parametrize(
    ("members", "column", "expected"),
    [
        ((), "RELP", "the values of RELP are mixed otherwise"),
        ((3,), "RELP", "values of RELP that the reference never had went"),
        ((4,), "RELP", "rows without RELP went"),
        ((0, 3, 4), "RELP", "1 of 3 values of RELP, values that the reference never had, rows w"),
        ((1,), "zip", "values of zip that are rare went"),
        ((0, 1), "age", "the lowest values of age went"),
        ((2, 3), "age", "the highest values of age went"),
        ((2,), "age", "the middle values of age went"),
        ((4,), "age", "rows without age went"),
    ],
)
def test_who(members: tuple[int, ...], column: str, expected: str) -> None:
    assert sentence(cause(members, column), "mae", COLUMNS).startswith(expected)


def test_two_features() -> None:
    groups = ((0, 1, 1, 2, 3), (0, 0, 1, 1, 2))
    # part 1 * 3 + 1: the group of 16 and 17, and the upper half of ages
    told = sentence(cause((4,), "RELP", "age"), "accuracy", COLUMNS, groups)
    assert told.startswith("2 of 3 values of RELP and the highest values of age went from")


def test_new_values_are_told_apart() -> None:
    split = Split(Effect(0.0, 0.0), Effect(-0.25, 0.01), -0.2, 0.8)
    told = sentence(cause((3,), "RELP", split=split, effect=split.mix), "accuracy", COLUMNS)
    assert told.endswith("by -0.25, of which -0.2 with what the reference never had")


def test_where_nothing_is_known_nothing_is_made_up() -> None:
    told = sentence(cause((1,), "RELP", how=How.LOCAL, elsewhere=math.nan), "mae", COLUMNS)
    assert told.endswith("by an unknown amount elsewhere")


@pytest.mark.parametrize(
    ("members", "shown", "expected"),
    [
        ((1, 2), ("RELP",), "RELP=16/17"),
        ((1, 2), (), ""),
        ((3,), ("RELP",), ""),
        ((), ("RELP",), ""),
    ],
)
def test_values_have_names_only_if_the_user_asked_for_them(
    members: tuple[int, ...], shown: tuple[str, ...], expected: str
) -> None:
    assert names(cause(members, "RELP"), COLUMNS, shown) == expected


def test_names_of_two_features() -> None:
    groups = ((0, 1, 1, 2, 3), (0, 1, 2))
    columns = COLUMNS | {"sex": ColumnBinning("sex", ColumnKind.CATEGORICAL, "text", levels=("f",))}
    both = cause((1 * 3 + 0,), "RELP", "sex")
    assert names(both, columns, ["RELP", "sex"], groups) == "RELP=16/17, sex=f"
    assert names(both, columns, ["RELP"], groups) == ""
