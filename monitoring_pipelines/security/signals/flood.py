"""SEC-17: a flood of rows equal in every feature, as in a crude poisoning of what is learnt."""

from __future__ import annotations

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.signal import Signal, add

EQUAL = Extreme(
    name="flood",
    what="rows that are equal in every feature",
    least=20.0,
    roles=(("any_feature",),),
)
SIGNAL = add(
    Signal(
        id="SEC-17",
        name="flood",
        title="No flood of equal rows.",
        missing=EQUAL.missing,
        judge=judged_by(EQUAL, "SEC-17"),
        tolerance=TIMES,
    )
)
