"""What names its rows is called an identifier, and what merely has many levels is not."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring_pipelines.metrics.sanity.identifier_column import (
    identifier_column,
    is_identifier,
)
from tests.golden.public_data import columns, oracle
from tests.metrics.sanity.columns import levels, numbers, seen


def ids(start: int, n: int) -> list[str]:
    return [f"{i:06}" for i in range(start, start + n)]


def test_ids_that_never_come_back() -> None:
    before = levels(ids(0, 5_000))
    now = levels(ids(5_000, 400), of=ids(0, 5_000))
    assert before.categories is not None
    assert not before.categories.complete  # more levels than are listed, each of them once
    found = identifier_column(seen(before, now), 0.05)
    assert found is not None
    assert (found.value, found.reference_value, found.n) == (1.0, 1.0, 400)
    assert "`features.exclude`" in found.said
    assert "000001" not in found.said


@pytest.mark.parametrize(
    ("name", "is_one"), [("Name", True), ("Ticket", True), ("Sex", False), ("Embarked", False)]
)
def test_the_titanic(name: str, is_one: bool) -> None:
    """547 of 891 tickets occur once (0.614), and NannyML's unseen rates are about as large."""
    before, now = (
        [value for value in columns(f"nannyml_misc/titanic_{part}.parquet")[name] if value]
        for part in ("reference", "analysis")
    )
    found = identifier_column(seen(levels(before), levels(now, of=before)), 0.05)
    assert (found is not None) is is_one
    if name == "Ticket" and found is not None:
        assert found.reference_value == pytest.approx(547 / 891)
        unseen = oracle("nannyml_misc")["titanic"]["unseen_non_null_rows_analysis"]["Ticket"]
        assert found.value == pytest.approx(unseen / 418)


def test_the_estimate_is_what_a_second_period_gives() -> None:
    """Good and Turing: the share that occurs once is the share that will be new."""
    rng = np.random.default_rng(3)
    share = np.arange(1, 3_001.0) ** -0.3
    draws = [rng.choice(3_000, p=share / share.sum(), size=1_500).astype(str) for _ in range(2)]
    before, now = levels(draws[0], limit=3_000), levels(draws[1], of=draws[0], limit=3_000)
    found = identifier_column(seen(before, now), 0.05)
    assert found is not None
    assert found.reference_value is not None
    once = found.reference_value * 1_500
    assert found.value == pytest.approx(found.reference_value, abs=4 * np.sqrt(2 * once) / 1_500)


def test_many_levels_that_come_back_are_categories() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 20_000, 400_000).astype(str)  # each about 20 times
    assert not is_identifier(levels(codes), levels(codes[:500], of=codes))


def test_a_list_that_comes_again_is_judged() -> None:
    """The same names in every window: a customer that is missing or new would be drift."""
    names = ids(0, 600)
    assert not is_identifier(levels(names), levels(names[:300], of=names))


@pytest.mark.parametrize("n", [0, 1, 199])
def test_few_values_are_no_evidence(n: int) -> None:
    names = ids(0, n)
    assert not is_identifier(levels(names), levels(ids(n, 50), of=names))


def test_an_empty_window_cannot_disagree() -> None:
    names = ids(0, 300)
    found = identifier_column(seen(levels(names), levels([], of=names)), 0.05)
    assert found is not None
    assert (found.value, found.n) == (1.0, 0)


def test_a_number_is_no_name() -> None:
    values = np.random.default_rng(2).normal(size=1_000)
    assert identifier_column(seen(numbers(values), numbers(values)), 0.05) is None
