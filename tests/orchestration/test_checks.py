"""Which checks an asset has, and which results each rests on."""

from __future__ import annotations

import pytest

from monitoring_pipelines.orchestration.checks import CHECKS, check_specs_of, resting
from tests.alerts.histories import result
from tests.pipeline.lab import declared


def test_every_check_of_an_asset_says_what_it_asks_for() -> None:
    specs = [spec for asset in CHECKS for spec in check_specs_of(declared(), asset)]
    assert len({spec.key for spec in specs}) == len(specs) > 10
    assert all(spec.description for spec in specs)


@pytest.mark.parametrize(
    ("check", "metrics"),
    [
        ("volume", ["volume"]),
        ("performance", ["roc_auc"]),
        ("estimated_performance", ["roc_auc"]),
        ("drift", ["psi"]),
        ("sanity", ["constant_column"]),
        ("fairness", ["selection_rate_ratio"]),
        ("expect_x", ["expectation:expect_x"]),
    ],
)
def test_a_check_rests_on_its_own_results(check: str, metrics: list[str]) -> None:
    names = (
        "volume", "roc_auc", "accuracy", "psi", "constant_column", "selection_rate_ratio",
        "expectation:expect_x",
    )  # fmt: skip
    windows = {"2026-11-01": [result(0, "o", name) for name in names]}
    found = resting(declared(), windows, check)
    assert [r.metric for r in found["2026-11-01"]] == metrics
