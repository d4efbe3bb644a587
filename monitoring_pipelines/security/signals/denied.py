"""SEC-22: refused requests of one user within an hour."""

from __future__ import annotations

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.signal import Signal, add

REFUSED = Extreme(
    name="denied",
    what="refused requests of one user within an hour",
    least=4.0,
    roles=(("principal",), ("status",)),
)
SIGNAL = add(
    Signal(
        id="SEC-22",
        name="denied",
        title="Nobody is refused again and again.",
        missing=REFUSED.missing,
        judge=judged_by(REFUSED, "SEC-22"),
        pages=False,
        tolerance=TIMES,
    )
)
