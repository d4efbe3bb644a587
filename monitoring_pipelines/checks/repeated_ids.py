"""Whether ids of a window stand in a window before it too: rows were written again, or a day twice.

Every window keeps its smallest hashes of ids, a thousand at most. Of two windows all ids with a
hash up to the smaller one of their largest kept ones are known in both: a random sample of the ids
[1]_, in which those in common are counted.

References
----------
.. [1] K. Beyer, P. J. Haas, B. Reinwald, Y. Sismanis and R. Gemulla, "On synopses for
   distinct-value estimation under multiset operations", SIGMOD 2007, 199-210.
   doi:10.1145/1247480.1247504
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLERANCE = 0.01
MIN_IDS = 30


def judge_repeated_ids(
    ids: Sequence[int], before: Sequence[Sequence[int]], most: int
) -> tuple[float, int, Judgement]:
    """Largest share of `ids` that one of the windows `before` had, of how many, and the verdict.

    All are the smallest hashes of a window, increasing; fewer than `most` are all that it has.
    NaN of no ids, or of no window before.

    >>> judge_repeated_ids(range(100), [range(50, 150)], 1_000)[0]
    0.5
    """
    shares = [(_common(ids, other, most)) for other in before if len(other)]
    known = [(same / of, of) for same, of in shares if of >= MIN_IDS]
    if not known:
        reason = "no ids of this window and one before it to compare"
        return math.nan, 0, Judgement(Verdict.UNKNOWN, reason)
    share, of = max(known)
    if share <= TOLERANCE:
        return share, of, Judgement(Verdict.OK, "ids are not those of a window before")
    reason = (
        f"{share:.0%} of the ids stand in a window before, too: rows were written again under "
        "another time, or the id does not name a prediction. A label counts for all rows of its "
        "id; give the column that names one"
    )
    return share, of, Judgement(Verdict.WARN, reason)


def _common(ids: Sequence[int], other: Sequence[int], most: int) -> tuple[int, int]:
    """How many of the ids that both windows would keep are in both, and how many there are."""
    ends = [part[-1] for part in (ids, other) if len(part) >= most]
    mine = {place for place in ids if place <= min(ends, default=math.inf)}
    return len(mine & {*other}), len(mine)
