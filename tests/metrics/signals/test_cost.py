"""Money."""

from __future__ import annotations

from monitoring_pipelines.metrics import SIGNALS
from tests.metrics.signals.value import of_amounts, of_levels


def test_cost_is_of_priced_calls() -> None:
    assert of_amounts("cost_total", "cost_usd", 0.25, 0.5) == 0.75
    assert of_amounts("cost_per_call", "cost_usd", 0.25, 0.5) == 0.375
    # a call without tokens has nothing to be priced, and is not unpriced
    assert of_levels("unpriced_rate", "price_status", priced=6, unpriced=2, no_tokens=2) == 0.2


def test_only_a_limit_judges_a_sum() -> None:
    assert SIGNALS["cost_total"].total
    assert not SIGNALS["cost_per_call"].total
