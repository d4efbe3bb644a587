"""SEC-24: a hole in the log: a long time without a row, or missing numbers of a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.checks.surge import TIMES
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.extremes import Extreme
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

MISSING = "missing_numbers"
GAP = Extreme(name="gap", what="seconds without a row", least=60.0, roles=())


def _judge(facts: Facts) -> list[Found]:
    if facts.now is None or not facts.now.n_rows:
        judgement = Judgement(Verdict.UNKNOWN, "no row at all, which `volume` tells")
        return [Found(judgement=judgement)]
    found = [GAP.judge(facts, SIGNAL.id)]
    if "sequence" in facts.roles:
        n = max(facts.now.extremes.get(MISSING, ()), default=0.0)
        verdict = Verdict.FAIL if n else Verdict.OK
        reason = f"{n:,.0f} numbers of the sequence are missing"
        found.append(
            Found(
                judgement=Judgement(verdict, reason),
                column="sequence",
                n=facts.now.n_rows,
                value=n,
            )
        )
    return found


def _missing(facts: Facts) -> str:
    return "" if facts.now is not None else "rows"


SIGNAL = add(
    Signal(
        id="SEC-24",
        name="log_gap",
        title="The log has no hole.",
        missing=_missing,
        judge=_judge,
        tolerance=TIMES,
    )
)
