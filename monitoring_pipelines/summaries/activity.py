"""What the calls of an application, or the tasks of an agent, came to in one window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitoring_pipelines.summaries.selection import Selection

# below so many different values a table of them is exact, above it to three significant digits,
# which are at most 900 for each power of ten
EXACT = 4_096
DIGITS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Rows per value of a quantity (tokens, milliseconds, US dollars, scores).

    `values` are sorted and differ, `counts` are their rows, both of shape (k,). `total` and
    `squares` are the sums of the values and of their squares, never rounded.
    """

    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    total: float
    squares: float

    @property
    def n(self) -> int:
        """Rows that have a value."""
        return int(self.counts.sum())

    def __add__(self, other: Amounts) -> Amounts:
        values = np.concatenate([self.values, other.values])
        counts = np.concatenate([self.counts, other.counts])
        return Amounts(
            *counted(values, counts), self.total + other.total, self.squares + other.squares
        )


def counted(
    values: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sorted different values and their rows; rounded if there are very many.

    >>> values, counts = counted(np.array([2.0, 1.0, 2.0]), np.array([1, 1, 3]))
    >>> values.tolist(), counts.tolist()
    ([1.0, 2.0], [1, 4])
    """
    unique, place = np.unique(values, return_inverse=True)
    if len(unique) > EXACT:
        unique, place = np.unique(_rounded(values), return_inverse=True)
    found = np.zeros(len(unique), dtype=np.int64)
    np.add.at(found, place, counts)
    return unique, found


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    magnitude = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** (DIGITS - 1 - magnitude)
    return np.round(values * scale) / scale


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """Of `n_rows` calls or tasks: rows per level of some columns, and amounts of others.

    `levels` leaves out rows without a value, so their number is `n_rows` less the sum. `shares`
    count what a row has several of, by name: calls of each tool and how many of them failed. A
    name whose `n` is 0 is a share of what stands under "", such as a category of guarded calls.
    """

    n_rows: int
    levels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    amounts: Mapping[str, Amounts] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, Selection]] = field(default_factory=dict)

    def __add__(self, other: Activity) -> Activity:
        levels = {
            name: _summed(self.levels.get(name, {}), other.levels.get(name, {}))
            for name in sorted({*self.levels, *other.levels})
        }
        amounts = {**self.amounts}
        for name, more in other.amounts.items():
            amounts[name] = amounts[name] + more if name in amounts else more
        shares = {
            name: _selected(self.shares.get(name, {}), other.shares.get(name, {}))
            for name in sorted({*self.shares, *other.shares})
        }
        return Activity(self.n_rows + other.n_rows, levels, dict(sorted(amounts.items())), shares)


def _selected(a: Mapping[str, Selection], b: Mapping[str, Selection]) -> dict[str, Selection]:
    none = Selection(0, 0)
    return {name: a.get(name, none) + b.get(name, none) for name in sorted({*a, *b})}


def _summed(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) + b.get(name, 0) for name in sorted({*a, *b})}
