r"""How vectors are measured: directions, cells and limits, fitted on the reference and frozen.

A vector of :math:`d` numbers is told by at most 33 coordinates, the *space*: along the first
principal components of the reference, and, if there are more dimensions, its distance from them
(the length of what the components leave over). All are divided by the root mean square distance of
the reference's vectors from their mean, so a distance of 1 is as far as a vector usually is from
the middle. A few random directions of all :math:`d` dimensions are counted beside it.

The *cells* of the space are those of its nearest centroid (k-means); the *limit* of the distance
from the reference's mean, in standard deviations (Mahalanobis, with Ledoit and Wolf's shrunk
covariance), is a conformal one: of new vectors like the reference's about one in a hundred is
beyond it [1]_.

What is fitted knows the vectors that it was fitted on: their cells are too regular, and they are
too near to everything. So a part of the reference (half of it, at most 5,000 rows, drawn by hash
of the id) is used for the fit and for nothing else. The other rows and those of a window without
drift then are exchangeable, in any dimension and with any number of rows; of the fitted part, four
fifths give directions and cells, and the rest the limit.

References
----------
.. [1] R. Laxhammar and G. Falkman, "Inductive conformal anomaly detection for sequential detection
   of anomalous sub-trajectories", Ann. Math. Artif. Intell. 74, 67-94, 2015.
.. [2] O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance
   matrices", J. Multivar. Anal. 88(2), 365-411, 2004. doi:10.1016/S0047-259X(03)00096-4
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.summaries.binning import quantile_edges

Rows = NDArray[np.float64]

COMPONENTS = 32
DIRECTIONS = 8
MAX_CELLS = 32
ROWS_PER_CELL = 25
OUTLYING = 0.01
SEED = 20260101
# a component that holds less of the variance than this is rounding
NEGLIGIBLE = 1e-10


@dataclass(frozen=True, eq=False)  # without slots, so that the fingerprint is kept
class VectorFrame:
    """The frozen frame of one column of vectors with `dimension` numbers; 0 if there were none.

    `center` has the shape (d,), `basis` (c, d) with orthonormal rows, `directions` (r, d) with rows
    of length 1, `centroids` (k, s), `middle` (s,), `whitening` (s, s); `edges` and `coarse` are
    those of the `r` histograms. Rows of the reference whose hash is below `fitted_below` were used
    for the fit; these are the rows from `first` to `last`, or all rows of a log without times.
    """

    name: str
    dimension: int
    sample: int
    scale: float
    center: Rows
    basis: Rows
    directions: Rows
    centroids: Rows
    edges: tuple[tuple[float, ...], ...]
    coarse: tuple[tuple[int, ...], ...]
    middle: Rows
    whitening: Rows
    limit: float
    bandwidth: float
    fitted_below: int
    first: datetime | None = None
    last: datetime | None = None

    @property
    def has_rest(self) -> bool:
        """Whether there are dimensions that the components leave over."""
        return len(self.basis) < self.dimension

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of the cells, as levels of a category."""
        return tuple(f"cell {i + 1}" for i in range(len(self.centroids)))

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that are equal for equal frames."""
        digest = hashlib.sha256()
        for field in fields(self):
            value = getattr(self, field.name)
            digest.update(
                value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
            )
        return digest.hexdigest()[:16]

    def space(self, vectors: Rows) -> Rows:
        """Coordinates of vectors, shape (n, d), in the space, shape (n, s)."""
        return self.measured(vectors)[0]

    def measured(self, vectors: Rows) -> tuple[Rows, Rows]:
        """Coordinates in the space, shape (n, s), and along the random directions, (n, r)."""
        away = vectors - self.center
        along = away @ np.concatenate([self.basis, self.directions]).T / self.scale
        space, projected = along[:, : len(self.basis)], along[:, len(self.basis) :]
        if not self.has_rest:
            return space, projected
        rest = np.einsum("ij,ij->i", away, away) / self.scale**2
        rest -= np.einsum("ij,ij->i", space, space)
        return np.column_stack([space, np.sqrt(np.maximum(rest, 0.0))]), projected

    def cell_of(self, space: Rows) -> NDArray[np.int64]:
        """Place of the nearest centroid, shape (n,)."""
        # the squared distance less the row's own square, which is the same for all centroids
        distances = np.sum(self.centroids**2, axis=1) - 2 * space @ self.centroids.T
        return np.asarray(np.argmin(distances, axis=1))

    def outlyingness(self, space: Rows) -> Rows:
        """Distance from the reference's mean in standard deviations, shape (n,)."""
        return np.asarray(np.linalg.norm((space - self.middle) @ self.whitening, axis=1))


def empty_frame(name: str, sample: int) -> VectorFrame:
    """The frame of a reference without any vector: nothing can be compared with it."""
    none = np.zeros((0, 0))
    return VectorFrame(
        name=name,
        dimension=0,
        sample=sample,
        scale=1.0,
        center=np.zeros(0),
        basis=none,
        directions=none,
        centroids=none,
        edges=(),
        coarse=(),
        middle=np.zeros(0),
        whitening=none,
        limit=math.inf,
        bandwidth=1.0,
        fitted_below=0,
    )


def fit_frame(name: str, vectors: Rows, sample: int, fitted_below: int) -> VectorFrame:
    """Fit on `vectors`, shape (n, d), in an order that has nothing to do with their content.

    It works for any n from 1: with fewer rows there are fewer components and cells, and vectors
    that are all alike have none but one cell.
    """
    n_held = len(vectors) // 5
    fitted, held = vectors[n_held:], vectors[:n_held]
    center = fitted.mean(axis=0)
    away = fitted - center
    scale = math.sqrt(float(np.mean(np.sum(away * away, axis=1)))) or 1.0
    bare = empty_frame(name, sample)
    directions = np.random.default_rng(SEED).standard_normal((DIRECTIONS, vectors.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    frame = replace(
        bare,
        dimension=vectors.shape[1],
        scale=scale,
        center=center,
        basis=_components(away / scale),
        directions=directions,
        fitted_below=fitted_below,
    )
    space, projected = frame.measured(fitted)
    quantiles = np.quantile(projected, np.arange(1, 100) / 100, axis=0)
    binned = [quantile_edges(column.tolist()) for column in quantiles.T]
    middle, whitening = _whitening(space)
    frame = replace(
        frame,
        centroids=_centroids(space),
        edges=tuple(edges for edges, _ in binned),
        coarse=tuple(coarse for _, coarse in binned),
        middle=middle,
        whitening=whitening,
        bandwidth=_bandwidth(space),
    )
    return replace(frame, limit=_limit(frame.outlyingness(frame.space(held))))


def _components(away: Rows) -> Rows:
    """Principal components that hold some variance, the largest first, shape (c, d)."""
    from scipy.linalg import eigh

    covariance = away.T @ away / len(away)
    d = len(covariance)
    most = min(COMPONENTS, d, max(1, len(away) - 1))
    values, vectors = eigh(covariance, subset_by_index=[d - most, d - 1])
    kept = values > NEGLIGIBLE
    basis = vectors[:, kept].T[::-1]
    # of the two directions of a component the one in which its largest number is above zero
    largest = np.argmax(np.abs(basis), axis=1)
    signs = np.sign(basis[np.arange(len(basis)), largest])
    return np.ascontiguousarray(basis * signs[:, None])


def _centroids(space: Rows) -> Rows:
    from sklearn.cluster import KMeans

    distinct = len(np.unique(space, axis=0))
    k = min(distinct, MAX_CELLS, max(2, len(space) // ROWS_PER_CELL))
    fitted = KMeans(k, n_init=1, random_state=SEED).fit(space)  # any cells will do
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _whitening(space: Rows) -> tuple[Rows, Rows]:
    """Mean, and the inverse root of the shrunk covariance; coordinates without spread have none."""
    from sklearn.covariance import ledoit_wolf

    middle = space.mean(axis=0)
    covariance, _ = ledoit_wolf(space - middle, assume_centered=True)
    values, vectors = np.linalg.eigh(covariance)
    inverse = np.where(values > NEGLIGIBLE, 1 / np.sqrt(np.maximum(values, NEGLIGIBLE)), 0.0)
    return middle, vectors * inverse


def _bandwidth(space: Rows) -> float:
    """Median distance of two vectors (of consecutive ones); 1 if they are all alike."""
    half = len(space) // 2
    apart = np.linalg.norm(space[:half] - space[half : 2 * half], axis=1)
    return float(np.median(apart)) or 1.0 if half else 1.0


def _limit(scores: Rows) -> float:
    """Conformal limit: the score of a new vector is beyond it with probability 0.01 at most.

    With fewer than 99 held rows it is the largest score, and the probability 1 / (m + 1).
    """
    m = len(scores)
    if not m:
        return math.inf
    place = min(math.ceil((1 - OUTLYING) * (m + 1)), m)
    return float(np.sort(scores)[place - 1])
