"""SEC-20: files of the model run nothing when they are loaded; what cannot be read is a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.artefacts.outcome import Safety
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts

MAX_TOLD = 3


def _judge(facts: Facts) -> list[Found]:
    assert facts.files is not None  # noqa: S101 - `missing` saw to it
    outcomes = facts.files.outcomes
    bad = {path: one for path, one in outcomes.items() if one.safety is not Safety.OK}
    if bad:
        worst = sorted(bad.items(), key=lambda item: (item[1].safety is not Safety.UNSAFE, item[0]))
        told = [f"{path[-60:]} ({one.safety}: {one.reason})" for path, one in worst[:MAX_TOLD]]
        more = f" and {len(bad) - MAX_TOLD} more" if len(bad) > MAX_TOLD else ""
        said = f"{len(bad)} of {len(outcomes)} files are more than data: {', '.join(told)}{more}"
        judgement = Judgement(Verdict.FAIL, said)
    elif not outcomes:
        judgement = Judgement(Verdict.FAIL, "no file of the model is where the configuration says")
    else:
        judgement = Judgement(
            Verdict.OK, f"{len(outcomes)} files were read to their end: data only"
        )
    return [Found(judgement=judgement, n=len(outcomes), value=float(len(bad)))]


def _missing(facts: Facts) -> str:
    if "artefacts" not in facts.declared:
        return "security.artefacts.files"
    return "" if facts.files else "the newest window: files are as they are now"


SIGNAL = add(
    Signal(
        id="SEC-20",
        name="unsafe_artefact",
        title="Files of the model run nothing when they are loaded.",
        missing=_missing,
        judge=_judge,
        is_critical=True,
    )
)
