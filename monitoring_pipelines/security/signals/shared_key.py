"""SEC-25: one key that many users or addresses share."""

from __future__ import annotations

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.signal import Signal, add

BEHIND = Extreme(
    name="shared_key",
    what="users or addresses behind one key",
    least=6.0,
    roles=(("api_key",), ("principal", "end_user", "ip")),
)
SIGNAL = add(
    Signal(
        id="SEC-25",
        name="shared_key",
        title="No key is shared by many.",
        missing=BEHIND.missing,
        judge=judged_by(BEHIND, "SEC-25"),
        pages=False,
        tolerance=TIMES,
    )
)
