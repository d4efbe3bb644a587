"""How soon a model of somebody else is switched off: one rule for the card and for the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines.domain.verdict import Verdict

if TYPE_CHECKING:
    from datetime import date

# name of the results that tell of it, one for each model that was called
RETIREMENT = "model_retirement"
# days that are left
WARN, FAIL, CRITICAL = 90, 30, 7


class Retirement(NamedTuple):
    """`days` until the last day (negative after it), the verdict and the sentence."""

    days: int
    verdict: Verdict
    said: str


def retirement(last: date, at: date) -> Retirement:
    """``warn`` from 90 days before the `last` day, ``fail`` from 30 days before, and ever after.

    >>> from datetime import date
    >>> retirement(date(2026, 10, 23), date(2026, 9, 1)).said
    'the provider switches it off on 2026-10-23, in 52 days'
    """
    left = (last - at).days
    verdict = Verdict.FAIL if left <= FAIL else Verdict.WARN if left <= WARN else Verdict.OK
    said = f"the provider switches it off on {last}, in {_days(left)}"
    if left < 0:
        said = f"the provider was to switch it off on {last}, {_days(-left)} ago"
    return Retirement(left, verdict, said)


def _days(n: int) -> str:
    return f"{n:,} day" if n == 1 else f"{n:,} days"
