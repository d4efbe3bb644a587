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


def test_what_matters_is_less_near_perfection_unless_somebody_chose_it() -> None:
    auc, mae, bias = (PERFORMANCE[name] for name in ("roc_auc", "mae", "bias"))
    assert auc.limit(0.9) == 0.02
    assert auc.limit(0.971) == pytest.approx(0.25 * 0.029)
    assert auc.limit(0.971, 0.02) == 0.02
    assert auc.limit(1.0) == pytest.approx(0.002)
    assert mae.limit(40.0) == pytest.approx(4.0)
    assert mae.limit(40.0, 0.5) == pytest.approx(20.0)
    assert bias.limit(0.0, 1.0) == (1.0 if not bias.relative else 0.0)


def test_a_misspelt_metric_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'jensen_shannon'"):
        DRIFT["jensen-shanon"]


def test_a_second_owner_of_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="'psi' is registered twice"):
        DRIFT.add("psi", DRIFT["hellinger"])
