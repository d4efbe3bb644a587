"""Numbers to stored results: what all results of one run have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.checks.budget import alpha_per_check
from monitoring_pipelines.checks.judgement import Judgement
from monitoring_pipelines.domain.result import Result, Status
from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.domain.window import Window

# engines add in different orders, so sums differ in the last bits; what is stored must not
DIGITS = 12
MAX_REASON = 300


@dataclass(frozen=True)
class Judging:
    """Makes results of one model in one run. `version` is this package's."""

    config: ModelConfig
    run_id: str
    version: str

    @cached_property
    def config_hash(self) -> str:
        """Hash of the configuration, made once for all results of a run."""
        return self.config.fingerprint

    def alpha(self, n_checks: float) -> float:
        """False-alarm probability of one of `n_checks` equal checks, within the model's budget."""
        budget = self.config.alerts.false_alerts_per_quarter
        return alpha_per_check(self.config.window, max(1, n_checks), budget)

    def result(
        self, window: Window, metric: str, n: int, judgement: Judgement, **more: Any
    ) -> Result:
        """Make a result; `more` are further fields of `Result`."""
        fields: dict[str, Any] = {"as_of": window.utc.end, "status": Status.FINAL, "value": None}
        fields |= {name: _rounded(value) for name, value in more.items()}
        return Result(
            model=self.config.name,
            window=window.utc,
            metric=metric,
            n=n,
            verdict=judgement.verdict,
            reason=judgement.reason[:MAX_REASON],
            config_hash=self.config_hash,
            code_version=self.version,
            run_id=self.run_id,
            **fields,
        )

    def unknown(self, window: Window, metric: str, n: int, reason: str, **more: Any) -> Result:
        """Make a result that could not be judged."""
        return self.result(window, metric, n, Judgement(Verdict.UNKNOWN, reason), **more)

    def versioned(self, result: Result, version: str) -> Result:
        """Give back `result` with the model version that made the predictions."""
        return replace(result, model_version=version)

    def unreadable(self, window: Window, metric: str, reason: str) -> Result:
        """Make the result of a log that cannot be read."""
        return self.result(window, metric, 0, Judgement(Verdict.FAIL, reason))


def main_version(versions: Mapping[str, int]) -> str:
    """Model version of a window: the most frequent one, and how many others there were."""
    if not versions:
        return ""
    first = max(versions, key=lambda name: (versions[name], name))
    others = len(versions) - 1
    return f"{first} (+{others})" if others else first


def _rounded(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")
