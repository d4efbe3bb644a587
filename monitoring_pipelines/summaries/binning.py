"""Bins and levels, fitted on the reference period once and frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.summaries.column import ColumnKind

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.frame import VectorFrame


@dataclass(frozen=True, slots=True)
class ColumnBinning:
    """How one column is summarised.

    A numeric column has `edges` and `coarse`, see `Histogram`; a categorical one has `levels`,
    and `complete` tells whether they are all that the reference had, see `Categories`. `dtype`,
    `minimum` and `maximum` are those of the reference. If the values name their rows (people, say),
    the column is `hashed`: its levels are digests, and no value is kept.
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
    hashed: bool = False


@dataclass(frozen=True)  # without slots, so that the fingerprint is kept
class Binning:
    """The binning of every monitored column, and the frame of every embedding, by name."""

    columns: Mapping[str, ColumnBinning]
    embeddings: Mapping[str, VectorFrame] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that are equal for equal binnings, on every machine.

        >>> Binning({}).fingerprint
        '44136fa355b3678a'
        """
        # not `asdict`: it copies every edge, which cost more than the hash
        names = [one.name for one in fields(ColumnBinning)]
        plain: dict[str, Any] = {
            key: {name: getattr(column, name) for name in names}
            for key, column in self.columns.items()
        }
        if self.embeddings:  # a model without any has the fingerprint that it always had
            frames = {key: frame.fingerprint for key, frame in self.embeddings.items()}
            plain = {"columns": plain, "embeddings": frames}
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def quantile_edges(
    quantiles: Sequence[float], n_coarse: int = 10
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """``(edges, coarse)`` of a histogram whose reference has `quantiles`.

    `quantiles` cut the reference into ``len(quantiles) + 1`` parts of equal size (99 percentiles
    into 100), `coarse` are the places of those that cut it into `n_coarse`. Ties are one edge, so
    a column with few values has few bins, one per value and one for all above the largest edge.

    >>> quantile_edges([0.0, 0.0, 1.0, 2.0, 2.0], n_coarse=3)
    ((0.0, 1.0, 2.0), (0, 2))
    """
    n_parts = len(quantiles) + 1
    if n_coarse < 1 or (quantiles and n_parts % n_coarse):
        msg = f"{n_parts} parts cannot be joined to {n_coarse} of equal size"
        raise ValueError(msg)
    edges = tuple(sorted({float(q) + 0.0 for q in quantiles}))  # + 0.0 makes -0.0 a plain zero
    place = {edge: i for i, edge in enumerate(edges)}
    step = n_parts // n_coarse
    bounds = quantiles[step - 1 :: step] if quantiles else ()
    return edges, tuple(sorted({place[float(q) + 0.0] for q in bounds}))
