"""Tokens."""

from __future__ import annotations

import pytest

from tests.metrics.signals.value import of_amounts


def test_quantiles_and_sums() -> None:
    # between the second and third of four; at 2.85 of 0 to 3, so 0.85 of the way from 30 to 100
    assert of_amounts("input_tokens_p50", "input_tokens", 10, 20, 30, 100) == 25.0
    assert of_amounts("output_tokens_p95", "output_tokens", 10, 20, 30, 100) == pytest.approx(89.5)
    assert of_amounts("input_tokens_total", "input_tokens", 10, 20, 30, 100) == 160.0
