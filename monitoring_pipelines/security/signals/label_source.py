"""SEC-18: one source gives far more labels than any usually does."""

from __future__ import annotations

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme, judged_by
from monitoring_pipelines.security.signal import Signal, add

OF_ONE = Extreme(
    name="label_source",
    what="labels of one source",
    least=20.0,
    roles=(("label_source",),),
)
SIGNAL = add(
    Signal(
        id="SEC-18",
        name="label_source",
        title="No source gives far more labels than any usually does.",
        missing=OF_ONE.missing,
        judge=judged_by(OF_ONE, "SEC-18"),
        pages=False,
        tolerance=TIMES,
    )
)
