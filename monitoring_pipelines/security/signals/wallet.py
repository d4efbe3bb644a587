"""SEC-12: one user spends far more than anybody usually does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.security.extremes import Extreme
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

PRINCIPAL = (("principal",),)
# the best measure that the log has
SPENT = (
    ("cost", Extreme(name="cost", what="spent by one user", least=0.0, roles=PRINCIPAL)),
    ("tokens", Extreme(name="tokens", what="tokens of one user", least=1_000.0, roles=PRINCIPAL)),
    ("", Extreme(name="calls", what="calls of one user", least=100.0, roles=PRINCIPAL)),
)


def _judge(facts: Facts) -> list[Found]:
    measure = next(extreme for role, extreme in SPENT if not role or role in facts.roles)
    return [measure.judge(facts, SIGNAL.id)]


SIGNAL = add(
    Signal(
        id="SEC-12",
        name="wallet",
        title="Nobody spends far more than anybody usually does.",
        missing=SPENT[0][1].missing,
        judge=_judge,
        tolerance=TIMES,
    )
)
