r"""A feature that names its rows: most of its values are new, in every window, for ever.

Of :math:`n` values of the reference, :math:`f_1` occur there once. By Good and Turing [1]_ the next
value is one that the reference never had with probability

.. math::

    P(\text{new}) \approx f_1 / n

and from one half on a column is called an identifier: its categories cannot be compared between two
periods, so neither its drift nor its unseen values are judged. The window must agree: if it brings
less than half as many new values as expected, the column is judged as any other.

The value is the share of new values in the window, the reference value is the estimate; both are in
[0, 1]. A reference of fewer than 200 values, a numeric column, and one whose listed levels all
occur twice or more while others are not listed are never called an identifier. A window without
values (no data, or all missing) cannot disagree. It is a fact of the reference, so chance plays
no part in it beyond the estimate's error :math:`\sqrt{2 f_1} / n`.

References
----------
.. [1] I. J. Good, "The population frequencies of species and the estimation of population
   parameters", Biometrika 40(3/4), 237-264, 1953. doi:10.1093/biomet/40.3-4.237
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.metrics.base import SANITY, Finding, SanityCheck, Seen

if TYPE_CHECKING:
    from monitoring_pipelines.summaries.categories import Categories
    from monitoring_pipelines.summaries.column import ColumnSummary

MIN_VALUES = 200
MOST_NEW = 0.5


def is_identifier(reference: ColumnSummary, window: ColumnSummary) -> bool:
    """Whether the values of a column are names in the reference, and again in the window.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> names = Categories(tuple(f"{i:03}" for i in range(300)), (1,) * 300)
    >>> column = ColumnSummary("name", ColumnKind.CATEGORICAL, "text", 300, 0, categories=names)
    >>> is_identifier(column, column)  # the same names again are a fixed list
    False
    """
    before, now = reference.categories, window.categories
    if before is None or before.n < MIN_VALUES:
        return False
    expected = _new_share(before)
    if expected < MOST_NEW:
        return False
    return now is None or now.other >= expected / 2 * now.n


def identifier_column(seen: Seen, alpha: float) -> Finding | None:
    """Say that the column is an identifier.

    >>> from monitoring_pipelines.summaries.categories import Categories
    >>> from monitoring_pipelines.summaries.column import ColumnKind, ColumnSummary
    >>> names, kind = tuple(f"{i:03}" for i in range(300)), ColumnKind.CATEGORICAL
    >>> a = ColumnSummary("x", kind, "text", 300, 0, categories=Categories(names, (1,) * 300))
    >>> b = ColumnSummary("x", kind, "text", 9, 0, categories=Categories(names, (0,) * 300, 9))
    >>> identifier_column(Seen(reference=a, window=b), 0.05).value
    1.0
    """
    del alpha
    before, now = seen.reference.categories, seen.window.categories
    if before is None or not is_identifier(seen.reference, seen.window):
        return None
    expected = _new_share(before)
    n = now.n if now is not None else 0
    return Finding(
        value=now.other / n if now is not None and n else expected,
        reference_value=expected,
        n=n,
        said=f"an identifier: {expected:.0%} of the reference's values occur once, so new ones are "
        "no news. Drift and unseen values are not judged; name it in `features.exclude`",
    )


def _new_share(before: Categories) -> float:
    """Share of the values that occur once; 0 if that cannot be told.

    If the rarest of the listed levels occurs once, so does every level that is not listed.
    """
    if not before.n or (not before.complete and min(before.counts, default=0) != 1):
        return 0.0
    return (before.counts.count(1) + before.other) / before.n


METRIC = SanityCheck(name="identifier_column", compute=identifier_column, told_once=True)
SANITY.add(METRIC.name, METRIC)
