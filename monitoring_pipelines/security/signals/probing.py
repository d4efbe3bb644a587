"""SEC-14: many nearly equal queries of one user, as in a probe for a record or a boundary."""

from __future__ import annotations

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.signal import Signal, add

AROUND = Extreme(
    name="probing",
    what="different rows of one user around one point",
    least=50.0,
    roles=(("principal",), ("features",)),
)
SIGNAL = add(
    Signal(
        id="SEC-14",
        name="probing",
        title="Nobody asks around one point again and again.",
        missing=AROUND.missing,
        judge=judged_by(AROUND, "SEC-14"),
        pages=False,
        tolerance=TIMES,
    )
)
