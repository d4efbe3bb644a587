"""temporary"""
from dataclasses import dataclass
from collections.abc import Mapping, Sequence
from monitoring_pipelines.summaries.column import ColumnKind
@dataclass(frozen=True, slots=True)
class ColumnBinning:
    name: str
    kind: ColumnKind
    dtype: str
    edges: tuple[float, ...]
    coarse: tuple[int, ...]
    levels: tuple[str, ...]
    complete: bool
    minimum: float | None
    maximum: float | None
@dataclass(frozen=True, slots=True)
class Binning:
    columns: Mapping[str, ColumnBinning]
def quantile_edges(q: Sequence[float], n_coarse: int = 10) -> tuple[tuple[float, ...], tuple[int, ...]]:
    edges = tuple(sorted(set(q)))
    coarse = tuple(sorted({edges.index(q[i * 10 - 1]) for i in range(1, 10)})) if q else ()
    return edges, coarse
