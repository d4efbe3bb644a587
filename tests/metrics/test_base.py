"""A metric is declared completely or not at all."""

from __future__ import annotations

import dataclasses

import pytest

from monitoring_pipelines.errors import ConfigError, UnknownNameError
from monitoring_pipelines.metrics import DRIFT, PERFORMANCE, QUALITY
from monitoring_pipelines.metrics.base import DriftMetric


def test_a_noise_floor_cannot_be_left_out() -> None:
    with pytest.raises(TypeError, match="noise_floor"):
        DriftMetric(  # type: ignore[call-arg]
            name="x", kinds=(), bounds=(0, 1), symmetric=True, tolerance=0.1, compute=max
        )


def test_a_metric_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        DRIFT["psi"].tolerance = 0.5  # type: ignore[misc]


def test_the_package_is_walked() -> None:
    assert len(DRIFT) >= 8
    assert len(QUALITY) >= 4
    assert len(PERFORMANCE) >= 19


def test_a_misspelt_metric_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'jensen_shannon'"):
        DRIFT["jensen-shanon"]


def test_a_second_owner_of_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="'psi' is registered twice"):
        DRIFT.add("psi", DRIFT["hellinger"])
