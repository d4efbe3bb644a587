"""Frozen bins: fitted once on the reference period, used for every window."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from monitoring_pipelines.summaries.column import ColumnKind


@dataclass(frozen=True, slots=True)
class ColumnBinning:
    """Of a numeric column: `edges`, the indices `coarse` of the deciles among them, its range.

    Of a categorical one: its `levels`, which are all of them if `complete`. `dtype` is the
    engine-neutral type that the reference had.
    """

    name: str
    kind: ColumnKind
    dtype: str
    edges: tuple[float, ...] = ()
    coarse: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    complete: bool = True
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Binning:
    """Bins of every column."""

    columns: Mapping[str, ColumnBinning]

    @property
    def fingerprint(self) -> str:
        """Hash of all bins: summaries with the same one can be compared and added."""
        text = json.dumps([asdict(column) for column in self.columns.values()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def quantile_edges(
    quantiles: Sequence[float], n_coarse: int = 10
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges from evenly spaced inner quantiles, and which of them bound `n_coarse` equal parts.

    Tied quantiles give one edge, so a column of few distinct values has a bin for each that is
    frequent.

    >>> quantile_edges([1.0, 1.0, 2.0], n_coarse=2)
    ((1.0, 2.0), (0,))
    """
    if not quantiles:
        return (), ()
    edges = tuple(sorted(set(quantiles)))
    step = (len(quantiles) + 1) / n_coarse
    chosen = {edges.index(quantiles[round(i * step) - 1]) for i in range(1, n_coarse)}
    return edges, tuple(sorted(chosen))
