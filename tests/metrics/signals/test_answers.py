"""Ends of answers."""

from __future__ import annotations

from tests.metrics.signals.value import of_levels


def test_an_answer_is_cut_by_its_own_length_or_by_the_context() -> None:
    assert of_levels("truncation_rate", "ending", stop=7, length=2, context_window=1) == 0.3


def test_refused_empty_and_repeated_answers() -> None:
    assert of_levels("refusal_rate", "is_refused", **{"0": 9, "1": 1}) == 0.1
    assert of_levels("empty_rate", "answer", own=5, empty=3, repeated=2) == 0.3
    assert of_levels("repeated_answer_rate", "answer", own=5, empty=3, repeated=2) == 0.2


def test_answers_that_have_not_the_form_that_was_asked_for() -> None:
    assert of_levels("malformed_rate", "ending", stop=3, malformed_tool=1) == 0.25
    assert of_levels("invalid_output_rate", "output_valid", **{"0": 1, "1": 3}) == 0.25
