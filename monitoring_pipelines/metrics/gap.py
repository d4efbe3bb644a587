"""Difference of two shares: how a fairness metric compares a group with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.stats.intervals import newcombe

if TYPE_CHECKING:
    from monitoring_pipelines.metrics.base import Interval, Part


def gap(group: Part, rest: Part) -> float:
    """Rate of the group minus that of the rest.

    >>> from monitoring_pipelines.metrics.base import Part
    >>> gap(Part(30, 100), Part(25, 50))
    -0.2
    """
    return group.share - rest.share


def gap_interval(group: Part, rest: Part, confidence: float) -> Interval:
    """Newcombe's interval of a difference of two shares."""
    return newcombe(*group, *rest, confidence)
