"""In which order the causes of a fall are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

# a mix that explains so much of a change comes before what is local
MOST = 0.5
# all features together must explain so many times more than one, which says more
GAIN = 1.25


class Told(NamedTuple):
    """A cause of the features `columns`: is it local or a mix, and the `part` of the change.

    Without columns it is the mix of all features together.
    """

    columns: tuple[str, ...]
    is_local: bool
    part: float


def part_of(change: float, effect: float) -> float:
    """Part of a change that is gone without an effect, at most 1; below 0 the change is larger.

    An effect beyond the change leaves nothing of it: the model did better otherwise. Beyond twice
    the change that is less and less of an explanation.

    >>> [round(part_of(-0.04, effect), 2) for effect in (-0.03, -0.05, -0.09, 0.01)]
    [0.75, 1.0, 0.75, -0.25]
    """
    if not change:
        return 0.0
    times = effect / change
    return min(times, 1.0, 3.0 - times)


def ranked(causes: Sequence[T], told: Callable[[T], Told]) -> list[T]:
    """`causes` that hold, the first to be told first.

    By the part that they explain; but a mix that explains most comes before anything local, which
    may go along with it, and a segment of two features before those of either. The mix of all
    features together comes before one that explains clearly less.

    >>> mix, local = Told(("a",), False, 0.5), Told(("b",), True, 0.7)
    >>> ranked([local, mix], lambda cause: cause)[0].columns
    ('a',)
    """
    found = {id(cause): told(cause) for cause in causes}
    mixed = any(not one.is_local and one.part >= MOST for one in found.values())
    pairs = {name for one in found.values() if len(one.columns) > 1 for name in one.columns}

    def order(cause: T) -> tuple[bool, bool, float]:
        one = found[id(cause)]
        coarser = one.is_local and len(one.columns) == 1 and one.columns[0] in pairs
        part = one.part if one.columns else one.part / GAIN
        return mixed and one.is_local, coarser, -part

    return sorted(causes, key=order)
