"""A regression's performance estimated from its features and predictions, before labels come."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from monitoring_pipelines.estimation.direct import expect_losses
from monitoring_pipelines.pipeline.estimates import segment_results, unestimated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring_pipelines.backends.duckdb.rows import Rows
    from monitoring_pipelines.domain.result import Result
    from monitoring_pipelines.domain.window import Window
    from monitoring_pipelines.pipeline.judging import Judging
    from monitoring_pipelines.pipeline.reference import References
    from monitoring_pipelines.summaries.labelled import LabelledSummary


def direct_results(
    judging: Judging,
    window: Window,
    rows: Rows,
    known: tuple[References, Mapping[str, LabelledSummary]],
    muted: str = "",
    earlier: Sequence[Mapping[str, LabelledSummary]] = (),
) -> list[Result]:
    """Every metric for all rows and per segment, by the losses of like rows in the reference.

    `known` are the references and the labelled rows in them that `window` is compared with; `muted`
    says why estimates are not to be trusted at present, and `earlier` are the windows of a
    reference that moves.
    """
    references, usual = known
    binning = references.binning() if usual else None
    losses = references.losses(window, binning) if binning else None
    if binning is None or losses is None:
        reason = "the reference has no labels to estimate by"
        return [unestimated(judging, window, judging.config.primary_metric, reason)]
    counts = references.reader.leaves(rows, binning, losses)
    results = []
    for segment, found in counts.items():
        expected = partial(expect_losses, found, losses, segment)
        parts = [part[segment] for part in earlier if segment in part]
        told, before = (segment, muted), usual.get(segment)
        results += segment_results(judging, window, expected, before, told, parts)
    return results
