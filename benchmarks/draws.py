"""Draws summaries of two periods of one distribution, as the engine would count them.

No rows are made: a million of them cost as much as fifty. The bins are the percentiles of the
reference, as in use. Ranks of a continuous sample are order statistics, whose places are ratios of
sums of exponentials; every count of the window given the bins is multinomial.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from monitoring_pipelines.backends.duckdb.fit import PERCENTILES
from monitoring_pipelines.summaries.binning import quantile_edges
from monitoring_pipelines.summaries.categories import Categories
from monitoring_pipelines.summaries.histogram import Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from monitoring_pipelines.metrics.base import Distribution

    Floats = NDArray[np.float64]

SEED = 20261124
LOG_SIGMA = 1.5
ZEROS = 0.7


def generator(*names: object) -> np.random.Generator:
    """The same for the same names, on every machine and in every order."""
    return np.random.default_rng([SEED, zlib.crc32(repr(names).encode())])


class Column(Protocol):
    """What a column's values follow."""

    def fitted(self, rng: np.random.Generator, n: int) -> tuple[Distribution, Floats]:
        """A reference of `n` rows on its own bins, and the true shares of these bins."""


def windows(
    reference: Distribution, shares: Floats, rng: np.random.Generator, n: int, size: int
) -> list[Distribution]:
    """Windows of `n` rows with these true `shares` of the reference's bins."""
    drawn = rng.multinomial(n, shares, size=size)
    return [counted(reference, counts) for counts in drawn.tolist()]


def counted(reference: Distribution, counts: list[int]) -> Distribution:
    """The counts on the bins of `reference`; the last one of categories is of unseen levels."""
    if isinstance(reference, Histogram):
        return Histogram(reference.edges, tuple(counts), reference.coarse)
    return Categories(reference.levels, tuple(counts[:-1]), counts[-1], reference.complete)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Continuous values with the quantile function `ppf`; a share of `zeros` is 0 instead."""

    ppf: Callable[[Floats], Floats]
    cdf: Callable[[Floats], Floats]
    zeros: float = 0.0

    def fitted(self, rng: np.random.Generator, n: int) -> tuple[Histogram, Floats]:
        n_zero = int(rng.binomial(n, self.zeros)) if self.zeros else 0
        places = np.asarray(PERCENTILES) * (n - 1)
        below = np.floor(places).astype(np.int64) + 1  # ranks from 1
        above = np.minimum(below + 1, n)
        ranks = np.union1d(below, above)
        positive = ranks[ranks > n_zero] - n_zero
        values = np.concatenate(
            [np.zeros(len(ranks) - len(positive)), self.ppf(_uniform(rng, n - n_zero, positive))]
        )
        low, high = values[np.searchsorted(ranks, below)], values[np.searchsorted(ranks, above)]
        quantiles = low + (high - low) * (places - np.floor(places))
        edges, coarse = quantile_edges(quantiles.tolist())
        at_most = dict(zip((quantiles + 0.0).tolist(), below.tolist(), strict=True))
        if 0.0 in at_most and self.zeros:
            at_most[0.0] = n_zero
        totals = np.array([0, *(at_most[edge] for edge in edges), n])
        counts = tuple(np.diff(totals).tolist())
        below_edge = self.zeros + (1 - self.zeros) * self.cdf(np.asarray(edges))
        shares = np.diff(np.concatenate([[0.0], below_edge, [1.0]]))
        return Histogram(edges, counts, coarse), shares


def _uniform(rng: np.random.Generator, n: int, ranks: NDArray[np.int64]) -> Floats:
    """Order statistics of `n` uniform numbers at increasing `ranks` from 1."""
    gaps = np.diff(np.concatenate([[0], ranks, [n + 1]]))
    sums = np.cumsum(rng.standard_gamma(np.maximum(gaps, 0)))
    return np.asarray(sums[:-1] / sums[-1])


@dataclass(frozen=True, slots=True)
class Atoms:
    """Numbers with few values 0, 1, 2, … of the given probabilities."""

    p: Floats

    def fitted(self, rng: np.random.Generator, n: int) -> tuple[Histogram, Floats]:
        totals = np.cumsum(rng.multinomial(n, self.p))
        ranks = np.floor(np.asarray(PERCENTILES) * (n - 1)).astype(np.int64) + 1
        edges, coarse = quantile_edges(np.searchsorted(totals, ranks).astype(float).tolist())
        at = np.asarray(edges).astype(np.int64)
        counts = np.diff(np.concatenate([[0], totals[at], [n]]))
        shares = np.diff(np.concatenate([[0.0], np.cumsum(self.p)[at], [1.0]]))
        return Histogram(edges, tuple(counts.tolist()), coarse), np.maximum(shares, 0.0)


@dataclass(frozen=True, slots=True)
class Levels:
    """Categories of the given probabilities; what the reference did not have is unseen."""

    p: Floats

    def fitted(self, rng: np.random.Generator, n: int) -> tuple[Categories, Floats]:
        drawn = rng.multinomial(n, self.p)
        seen = drawn > 0
        names = tuple(str(i) for i in np.flatnonzero(seen))
        shares = np.append(self.p[seen], max(0.0, 1 - float(self.p[seen].sum())))
        return Categories(names, tuple(drawn[seen].tolist())), shares / shares.sum()


def zipf(k: int, power: float) -> Levels:
    weights = np.arange(1, k + 1) ** -power
    return Levels(weights / weights.sum())


def _poisson(mean: float, most: int = 30) -> Floats:
    p = np.array([math.exp(-mean) * mean**i / math.factorial(i) for i in range(most)])
    return np.asarray(p / p.sum())


def _log_ppf(u: Floats) -> Floats:
    return np.asarray(np.exp(LOG_SIGMA * ndtri(u)))


def _log_cdf(x: Floats) -> Floats:
    return np.asarray(ndtr(np.log(np.maximum(x, 1e-300)) / LOG_SIGMA))


def _positive_cdf(x: Floats) -> Floats:
    return np.where(x > 0, _log_cdf(x), 0.0)


COLUMNS: dict[str, Column] = {
    "normal": Numbers(ndtri, ndtr),
    "log-normal, sigma 1.5": Numbers(_log_ppf, _log_cdf),
    "70 % zeros, rest log-normal": Numbers(_log_ppf, _positive_cdf, ZEROS),
    "Poisson, mean 2": Atoms(_poisson(2.0)),
    "binary, p = 0.1": Levels(np.array([0.9, 0.1])),
    "2 even levels": zipf(2, 0),
    "20 even levels": zipf(20, 0),
    "100 even levels": zipf(100, 0),
    "100 levels, Zipf 1.2": zipf(100, 1.2),
}
