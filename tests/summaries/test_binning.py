from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_pipelines.summaries.binning import Binning, ColumnBinning, quantile_edges
from monitoring_pipelines.summaries.column import ColumnKind

INCOME = ColumnBinning(
    "income", ColumnKind.NUMERIC, "float", edges=(0.5, 1.5), coarse=(0,), minimum=0.0, maximum=9.0
)
COUNTRY = ColumnBinning("country", ColumnKind.CATEGORICAL, "text", levels=("DE", "FR"))


def test_without_ties_every_tenth_percentile_is_coarse() -> None:
    edges, coarse = quantile_edges([float(k) for k in range(1, 100)])
    assert edges == tuple(float(k) for k in range(1, 100))
    assert [edges[i] for i in coarse] == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]


def test_a_constant_column_has_one_edge() -> None:
    assert quantile_edges([7.0] * 99) == ((7.0,), (0,))


def test_a_column_that_is_mostly_zero_keeps_its_tail() -> None:
    # 85 percentiles are 0, so are eight deciles; the ninth is the 90th percentile, 5
    edges, coarse = quantile_edges([0.0] * 85 + [float(k) for k in range(1, 15)])
    assert edges == tuple(float(k) for k in range(15))
    assert [edges[i] for i in coarse] == [0.0, 5.0]


def test_an_empty_reference_has_no_edges() -> None:
    assert quantile_edges([]) == ((), ())


def test_minus_zero_is_zero() -> None:
    edges, _ = quantile_edges([-0.0, 0.0, 1.0], n_coarse=2)
    assert edges == (0.0, 1.0)
    assert math.copysign(1.0, edges[0]) == 1.0


@pytest.mark.parametrize(("n_quantiles", "n_coarse"), [(99, 7), (10, 10), (99, 0)])
def test_parts_that_cannot_be_joined_evenly_are_refused(n_quantiles: int, n_coarse: int) -> None:
    with pytest.raises(ValueError, match="cannot be joined"):
        quantile_edges([0.0] * n_quantiles, n_coarse)


@given(
    st.lists(
        st.one_of(st.integers(0, 5).map(float), st.floats(-1e6, 1e6)), min_size=1, max_size=300
    )
)
def test_edges_increase_and_hold_every_percentile(sample: list[float]) -> None:
    quantiles = np.quantile(sample, np.arange(1, 100) / 100, method="inverted_cdf").tolist()
    edges, coarse = quantile_edges(quantiles)
    assert all(a < b for a, b in itertools.pairwise(edges))
    assert {*edges} == {*quantiles}
    assert {edges[i] for i in coarse} == {quantiles[k] for k in range(9, 99, 10)}
    assert list(coarse) == sorted({*coarse})


def test_the_order_of_the_columns_does_not_matter() -> None:
    one = Binning({"income": INCOME, "country": COUNTRY})
    other = Binning({"country": COUNTRY, "income": INCOME})
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 16


@pytest.mark.parametrize(
    "changed",
    [
        replace(INCOME, name="wage"),
        replace(INCOME, dtype="integer"),
        replace(INCOME, edges=(0.5, math.nextafter(1.5, 2.0))),
        replace(INCOME, coarse=(1,)),
        replace(INCOME, levels=("x",)),
        replace(INCOME, complete=False),
        replace(INCOME, minimum=None),
        replace(INCOME, maximum=10.0),
        replace(INCOME, kind=ColumnKind.CATEGORICAL),
    ],
)
def test_every_part_changes_the_fingerprint(changed: ColumnBinning) -> None:
    before = Binning({"income": INCOME}).fingerprint
    assert Binning({"income": changed}).fingerprint != before
