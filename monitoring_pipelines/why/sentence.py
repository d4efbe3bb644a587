"""A cause in words. It holds names of columns, counts and numbers, and no value of the data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.summaries.column import ColumnKind
from monitoring_pipelines.why.search import How

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from monitoring_pipelines.summaries.binning import ColumnBinning
    from monitoring_pipelines.why.search import Cause

    Groups = Sequence[Sequence[int]]

# more levels than these are not named
MAX_NAMED = 5
# rows that the reference never had are told if so much of the change is theirs
UNSEEN = 0.2


def sentence(
    cause: Cause, metric: str, columns: Mapping[str, ColumnBinning], groups: Groups = ()
) -> str:
    """What the cause is and does. `groups` are those of a pair's parts."""
    who = " and ".join(
        _who(columns[name], members)
        for name, members in zip(cause.columns, _members(cause, groups), strict=True)
    )
    if cause.how is How.LOCAL:
        told = f"{who} ({share(cause.now)} of the rows): {metric} changed by "
        return f"{told}{signed(cause.there)} there and by {signed(cause.elsewhere)} elsewhere"
    came = f"went from {share(cause.before)} to {share(cause.now)} of the rows"
    moved = f"{who} {came if cause.members else 'are mixed otherwise'}"
    told = (
        f"{moved}, which alone changes {metric} by {signed(cause.effect.value)}; "
        f"inside the parts it changed by {signed(cause.split.within.value)}"
    )
    if abs(cause.split.unseen) >= UNSEEN * abs(cause.split.change):
        told += f", of which {signed(cause.split.unseen)} with what the reference never had"
    return told


def names(
    cause: Cause,
    columns: Mapping[str, ColumnBinning],
    shown: Collection[str],
    groups: Groups = (),
) -> str:
    """``RELP=16/17`` if the values of all its columns are `shown`, else nothing."""
    if not cause.members or not {*cause.columns} <= {*shown}:
        return ""
    told = []
    for name, members in zip(cause.columns, _members(cause, groups), strict=True):
        levels = columns[name].levels
        if len(members) > MAX_NAMED or any(member >= len(levels) for member in members):
            return ""
        told.append(f"{name}={'/'.join(levels[member] for member in members)}")
    return ", ".join(told)


def share(part: float) -> str:
    """A part of the rows.

    >>> share(0.07468), share(1.0)
    ('7.47 %', '100 %')
    """
    return f"{100 * part:.3g} %"


def signed(value: float) -> str:
    """A change with its direction.

    >>> signed(-0.070968), signed(0.0), signed(float("nan"))
    ('-0.071', '+0', 'an unknown amount')
    """
    return "an unknown amount" if math.isnan(value) else f"{value:+.3g}"


def _members(cause: Cause, groups: Groups) -> list[tuple[int, ...]]:
    """Parts of each of its columns."""
    if len(cause.columns) == 1:
        return [cause.members]
    first, second = groups
    chosen = divmod(cause.members[0], max(second) + 1)
    return [
        tuple(part for part, group in enumerate(of) if group == place)
        for of, place in zip((first, second), chosen, strict=True)
    ]


def _who(column: ColumnBinning, members: Sequence[int]) -> str:
    name = column.name
    if not members:
        return f"the values of {name}"
    if column.kind is ColumnKind.CATEGORICAL:
        return _levels(column, members)
    last = (len(column.coarse) if column.coarse else len(column.edges)) + 1
    if last in members:
        return f"rows without {name}"
    if 0 in members:
        return f"the lowest values of {name}"
    return f"the {'highest' if last - 1 in members else 'middle'} values of {name}"


def _levels(column: ColumnBinning, members: Sequence[int]) -> str:
    n = len(column.levels)
    known = sum(member < n for member in members)
    told = [f"{known} of {n} values of {column.name}"] if known else []
    if n in members:
        new = "that the reference never had" if column.complete else "that are rare"
        told.append(f"values {new}" if known else f"values of {column.name} {new}")
    if n + 1 in members:
        told.append("rows without one" if told else f"rows without {column.name}")
    return ", ".join(told)
