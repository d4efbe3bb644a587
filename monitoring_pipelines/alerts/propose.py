"""A change of policy that would have spared people the alerts that turned out to be wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.replay import replay
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_pipelines.alerts.condition import Policy
    from monitoring_pipelines.alerts.replay import Alert
    from monitoring_pipelines.alerts.settings import AlertSettings
    from monitoring_pipelines.domain.result import Result

# the smallest changes first
PERSISTENCE = ((1, 1), (2, 3), (2, 2), (3, 4), (3, 3), (4, 5))
FACTORS = (1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`policy`, and the primary metric's tolerance times `factor`; `n_wrong` of `n` are left."""

    policy: Policy
    factor: float
    n: int
    n_wrong: int


def propose(
    results: Sequence[Result], settings: AlertSettings, primary: str, alerts: Sequence[Alert]
) -> Proposal | None:
    """The smallest change that keeps every alert that was right and loses most that were wrong.

    `alerts` are those of `results` under `settings`. None if no alert was wrong, or if no change
    that asks for more evidence helps.
    """
    right = [alert for alert in alerts if alert.was_right]
    n_wrong = sum(alert.was_right is False for alert in alerts)
    best = None
    if not n_wrong:
        return None
    now = settings.policy
    for factor, (breaches, of) in product(FACTORS, PERSISTENCE):
        changed = replace(now, breaches=breaches, of=of)
        if breaches < now.breaches or (breaches == now.breaches and of > now.of):
            continue  # asks for less evidence
        found = replay(raised(results, primary, factor), replace(settings, policy=changed), primary)
        if not all(any(kept.overlaps(alert) for kept in found) for alert in right):
            continue
        left = sum(_is_wrong(alert, alerts) for alert in found)
        if left < (best.n_wrong if best else n_wrong):
            best = Proposal(policy=changed, factor=factor, n=len(found), n_wrong=left)
    return best


def raised(results: Sequence[Result], metric: str, factor: float) -> list[Result]:
    """The same results had the tolerance of `metric` been `factor` times as large, at least one.

    That is exact: a failed verdict needs credible evidence and a loss beyond the tolerance, and
    only the latter changes.
    """
    return [
        _raised(result, factor) if result.metric == metric and factor > 1 else result
        for result in results
    ]


def _raised(result: Result, factor: float) -> Result:
    if result.tolerance is None or result.value is None or result.reference_value is None:
        return result
    tolerance = factor * result.tolerance
    is_within = abs(result.value - result.reference_value) <= tolerance
    verdict = Verdict.OK if is_within and result.verdict is Verdict.FAIL else result.verdict
    return replace(result, tolerance=tolerance, verdict=verdict)


def _is_wrong(alert: Alert, before: Sequence[Alert]) -> bool:
    """Whether it is one of those that were wrong, and none that was right."""
    same = [known.was_right for known in before if known.overlaps(alert)]
    return False in same and True not in same
