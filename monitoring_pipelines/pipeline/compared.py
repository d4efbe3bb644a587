"""Which windows a window is compared with, by the policy of the reference."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.config.section import instant
from monitoring_pipelines.domain.window import previous, window_of, windows_between
from monitoring_pipelines.pipeline.previous_version import TAKEN

if TYPE_CHECKING:
    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.window import Window


def earlier(config: ModelConfig, window: Window) -> list[Window]:
    """Windows of a moving reference, newest first."""
    # which windows are of another version only the log tells; what asks here looks at the newest
    n_before = TAKEN if config.reference.previous_version else config.reference.rolling
    if n_before is not None:
        found, at = [], window
        for _ in range(n_before):
            at = previous(at, config.window, config.zone)
            found.append(at)
        return found
    weeks = range(1, (config.reference.same_weekday or 0) + 1)
    # local arithmetic: nine o'clock stays nine o'clock over a clock change
    starts = [window.start.astimezone(config.zone) - timedelta(weeks=week) for week in weeks]
    return [window_of(start, config.window, config.zone) for start in starts]


def compared(config: ModelConfig, window: Window, most: int) -> list[Window]:
    """Up to `most` single windows of the reference, newest first; none of a given file."""
    reference = config.reference
    if reference.moves:
        return earlier(config, window)[:most]
    if reference.start is None or reference.end is None:
        return []
    start, end = instant(reference.start, config.zone), instant(reference.end, config.zone)
    found = list(windows_between(start, end, config.window, config.zone))
    return [one for one in reversed(found) if one.start >= start and one.end <= end][:most]
