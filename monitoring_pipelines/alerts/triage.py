"""Which results are people's business, what kind of trouble they are, and how bad."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.cause import Cause
from monitoring_pipelines.alerts.condition import Evaluation, Outcome, Policy
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.domain.retirement import CRITICAL, RETIREMENT
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.metrics import DRIFT, FAIRNESS, QUALITY, SANITY

if TYPE_CHECKING:
    from monitoring_pipelines.domain.result import Result

EXPECTATION = "expectation:"
RUN = "run"  # a failed verdict of this stands for a window that was not judged at all
UPSTREAM = "upstream_run"  # of an asset that the model's owner wants to hear of, named by `column`
GOVERNANCE = "gov_"
PROMISED_FAIRNESS = "gov_11_fairness"  # the same trouble as the fairness results it judges
SECURITY = ("sec_", "agt_")
# canary, secret, one person's data to another, artefact changed or unsafe, control weakened; decoy
# called, high-impact action without an approval
CRITICAL_SIGNALS = ("sec_05_", "sec_07_", "sec_09_", "sec_19_", "sec_20_", "sec_23_",
                    "agt_05_", "agt_09_")  # fmt: skip
SILENCE = frozenset({"volume", "staleness", "label_coverage", RUN, UPSTREAM})
SHAPE = frozenset({"schema", "type_change", "readable"})
# measured on the whole table, so they are no registered quality metric of a column
CONTRACT = SHAPE | {
    *SANITY,
    "missing_rate", "unseen_rate", "out_of_range_rate", "duplicate_rate", "undated_rows",
    "readable", "labels_readable", "unreadable_images", "unreadable_records", "unlogged_usage",
}  # fmt: skip
CRITICAL_TOLERANCES = 3.0

_OUTCOMES = {
    Verdict.OK: Outcome.OK,
    Verdict.WARN: Outcome.OK,
    Verdict.FAIL: Outcome.BREACH,
    Verdict.UNKNOWN: Outcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What a condition is about: names only, never a value, a limit or a time."""

    model: str
    segment: str
    metric: str
    column: str

    @property
    def key(self) -> str:
        """Short and stable name of this condition in the database."""
        names = json.dumps([self.model, self.segment, self.metric, self.column])
        return hashlib.sha256(names.encode()).hexdigest()[:24]

    @property
    def cause(self) -> Cause:
        """Kind of trouble that a breach is."""
        if self.metric == PROMISED_FAIRNESS:
            return Cause.FAIRNESS
        if self.metric.startswith(GOVERNANCE) or self.metric == RETIREMENT:
            return Cause.GOVERNANCE
        if self.metric.startswith(SECURITY):
            return Cause.SECURITY
        if self.metric in SILENCE:
            return Cause.SILENCE
        if self.metric in CONTRACT or self.metric in QUALITY or self.metric.startswith(EXPECTATION):
            return Cause.DATA_CONTRACT
        return Cause.FAIRNESS if self.metric in FAIRNESS else Cause.PERFORMANCE

    @property
    def pages(self) -> bool:
        """Whether people may be called. Drift explains and never calls."""
        return self.metric not in DRIFT


def fingerprint(result: Result) -> Fingerprint:
    """The condition that `result` is an evaluation of."""
    return Fingerprint(result.model, result.segment, result.metric, result.column)


def policy(fingerprint: Fingerprint, usual: Policy) -> Policy:
    """When a condition fires: one failed run is enough, since its window is never judged twice.

    So is one broken promise, in which there is no chance, and one sign of an attack: it may not
    come again.
    """
    certain = {Cause.GOVERNANCE, Cause.SECURITY}
    is_certain = fingerprint.metric in {RUN, UPSTREAM} or fingerprint.cause in certain
    return Policy(breaches=1, of=1, clear=1) if is_certain else usual


def severity(result: Result) -> Severity:
    """How bad `result` is, if it is a breach."""
    cause = fingerprint(result).cause
    if result.metric == RETIREMENT:
        critical = result.value is not None and result.value <= CRITICAL
        return Severity.CRITICAL if critical else Severity.HIGH
    if cause is Cause.GOVERNANCE:
        return Severity.HIGH  # never wakes anybody
    if cause is Cause.SECURITY:
        critical = result.metric.startswith(CRITICAL_SIGNALS)
    elif cause is Cause.SILENCE:
        critical = result.metric == "volume" and result.value == 0
    elif cause is Cause.DATA_CONTRACT:
        critical = result.metric in SHAPE
    else:
        critical = cause is Cause.PERFORMANCE and _is_far_off(result)
    return Severity.CRITICAL if critical else Severity.HIGH


def evaluation(result: Result) -> Evaluation:
    """`result` as an input of the fold."""
    return Evaluation(
        window=result.window.utc,
        outcome=_OUTCOMES[result.verdict],
        severity=severity(result),
        as_of=result.as_of,
    )


def _is_far_off(result: Result) -> bool:
    if result.value is None or result.reference_value is None or not result.tolerance:
        return False
    distance = abs(result.value - result.reference_value)
    # 0.86 - 0.80 is 0.05999..., which a person would call three times 0.02
    return distance >= CRITICAL_TOLERANCES * result.tolerance * (1 - 1e-9)
