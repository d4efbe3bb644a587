"""Searches for documents."""

from __future__ import annotations

import pytest

from monitoring_pipelines.metrics import SIGNALS
from monitoring_pipelines.metrics.base import Direction
from tests.metrics.signals.value import of_levels


def test_searches_without_a_result() -> None:
    assert of_levels("empty_retrieval_rate", "retrieval", empty=1, found=3) == 0.25


def test_answers_that_rest_on_a_document() -> None:
    assert of_levels("grounded_rate", "has_documents", **{"0": 1, "1": 4}) == 0.8
    assert SIGNALS["grounded_rate"].direction is Direction.LOWER_IS_WORSE


def test_one_document_of_all_that_were_found() -> None:
    assert of_levels("document_share", "is_hit", **{"0": 8, "1": 2}) == pytest.approx(0.2)
    assert SIGNALS["document_share"].each == "document_counts"
