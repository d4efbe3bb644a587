"""Decisions by group, however they are logged; text from data stays text."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.backends.duckdb import selections
from monitoring_pipelines.backends.duckdb.selections import Decision, count_selections
from monitoring_pipelines.summaries.selection import Selection
from tests.backends.duckdb.engine import rows_of

SEX, RACE = ("sex",), ("race",)


def test_the_favourable_class_by_group() -> None:
    rows = rows_of({"sex": list("fffmm"), "d": [1, 0, 0, 1, 1]})
    found = count_selections(rows, Decision(favourable="1", prediction="d"), [SEX])
    assert found == {"sex": {"sex=f": Selection(3, 1), "sex=m": Selection(2, 2)}}
    other = count_selections(rows, Decision(favourable="0", prediction="d"), [SEX])
    assert other == {"sex": {"sex=f": Selection(3, 2), "sex=m": Selection(2, 0)}}


@pytest.mark.parametrize(("favourable", "selected"), [("1", 2), ("0", 1)])
def test_a_score_decides_from_the_threshold_on(favourable: str, selected: int) -> None:
    rows = rows_of({"sex": list("fff"), "p": [0.2, 0.5, 0.9]})
    decision = Decision(favourable=favourable, score="p", threshold=0.5)
    assert count_selections(rows, decision, [SEX])["sex"]["sex=f"] == Selection(3, selected)


def test_two_attributes_together() -> None:
    rows = rows_of({"sex": list("ffmm"), "race": list("abab"), "d": [1.0, 0.0, 1.0, 1.0]})
    found = count_selections(rows, Decision(favourable="1", prediction="d"), [("sex", "race")])
    assert found["sex & race"]["sex=f & race=b"] == Selection(1, 0)
    assert len(found["sex & race"]) == 4


def test_rows_without_a_group_or_a_decision_have_no_part() -> None:
    rows = rows_of({"sex": ["f", None, "f"], "d": [1, 1, None]})
    found = count_selections(rows, Decision(favourable="1", prediction="d"), [SEX])
    assert found == {"sex": {"sex=f": Selection(1, 1)}}


def test_a_log_that_cannot_tell_has_no_groups() -> None:
    rows = rows_of({"sex": ["f"], "p": [0.5]})
    assert count_selections(rows, Decision(favourable="1", score="p"), [SEX]) == {}
    assert count_selections(rows, Decision(favourable="1", prediction="d"), [SEX]) == {}
    assert count_selections(rows, Decision(favourable="1", score="p", threshold=0.5), [RACE]) == {}


def test_the_largest_groups_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "MAX_GROUPS", 2)
    rows = rows_of({"sex": list("abbccc"), "d": [1] * 6})
    found = count_selections(rows, Decision(favourable="1", prediction="d"), [SEX])
    assert [*found["sex"]] == ["sex=b", "sex=c"]


def test_hostile_names_and_values() -> None:
    name, value = "a'; DROP TABLE x --\"", "' OR 1=1 --"
    rows = rows_of({name: [value, value], "d'": ["y'", "n"]})
    found = count_selections(rows, Decision(favourable="y'", prediction="d'"), [(name,)])
    assert found == {name: {f"{name}={value}": Selection(2, 1)}}


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(0)
    sex, d = rng.choice(["f", "m"], 500), rng.integers(0, 2, 500)
    order = rng.permutation(500)
    decision = Decision(favourable="1", prediction="d")
    a = count_selections(rows_of({"sex": sex, "d": d}), decision, [SEX])
    b = count_selections(rows_of({"sex": sex[order], "d": d[order]}), decision, [SEX])
    assert a == b
