"""Rows in parts, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_pipelines.summaries.partition import Cells, Partition

if TYPE_CHECKING:
    from collections.abc import Sequence

# scores of the drawn rows lie on a grid of so many bins
PLACES = 10


def losses(part: Sequence[int], loss: Sequence[float], n_parts: int) -> Cells:
    """Cells of rows with one loss each; NaN is a row without a label."""
    place, value = np.asarray(part, dtype=np.int64), np.asarray(loss, dtype=np.float64)
    known = ~np.isnan(value)
    counted = [
        np.bincount(place[known], weights=value[known] ** power, minlength=n_parts)
        for power in (0, 1, 2)
    ]
    rows = np.bincount(place, minlength=n_parts)
    return Cells(rows, counted[0].astype(np.int64), np.stack(counted[1:], axis=1))


def scores(part: Any, place: Any, label: Any, n_parts: int) -> Cells:
    """Cells of rows with the bin of a score and a class."""
    sums = np.zeros((n_parts, 2 * PLACES))
    np.add.at(sums, (part, np.asarray(place) + PLACES * np.asarray(label)), 1)
    n = np.bincount(part, minlength=n_parts)
    return Cells(n, n, sums)


def halved(
    cells: Sequence[Cells], columns: tuple[str, ...] = ("x",), groups: Any = ()
) -> Partition:
    """A partition of two halves."""
    return Partition(
        columns,
        np.stack([half.rows for half in cells]),
        np.stack([half.labelled for half in cells]),
        np.stack([half.sums for half in cells]),
        groups,
    )
