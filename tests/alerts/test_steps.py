from __future__ import annotations

import pytest

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.steps import steps


@pytest.mark.parametrize("metric", ["roc_auc", "run", "label_coverage", "readable"])
@pytest.mark.parametrize("cause", Cause)
def test_there_are_one_to_three_things_to_do(cause: Cause, metric: str) -> None:
    assert 1 <= len(steps(cause, metric)) <= 3


@pytest.mark.parametrize(
    ("metric", "word"),
    [
        ("volume", "still serves"),
        ("run", "Open the run"),
        ("label_coverage", "label source"),
        ("readable", "configuration"),
    ],
)
def test_silence_has_several_reasons(metric: str, word: str) -> None:
    assert word in steps(Cause.SILENCE, metric)[0]
