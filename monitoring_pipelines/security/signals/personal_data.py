"""SEC-08: structured personal data in what the model puts out, or in a column of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import bdtrc

from monitoring_pipelines.checks.judgement import Judgement, Share
from monitoring_pipelines.checks.share import judge_share
from monitoring_pipelines.domain.verdict import Verdict
from monitoring_pipelines.security.events import needs
from monitoring_pipelines.security.personal import RECOGNISERS
from monitoring_pipelines.security.scanners.personal_data import MISSED, PERSONAL_DATA
from monitoring_pipelines.security.signal import Found, Signal, add

if TYPE_CHECKING:
    from monitoring_pipelines.security.facts import Facts, TextColumn
    from monitoring_pipelines.security.recogniser import Recogniser
    from monitoring_pipelines.summaries.occurrences import Occurrences

# so many candidates tell chance from truth; a few true ones are told at once
ENOUGH, CHANCE_ALPHA = 30, 0.001


def by_chance(recogniser: Recogniser, found: Occurrences) -> bool:
    """Whether numbers without a meaning would pass the check as often as these do.

    >>> from monitoring_pipelines.summaries.occurrences import Occurrences
    >>> card = RECOGNISERS["payment_card"]
    >>> by_chance(card, Occurrences(99, {"payment_card": 9, "payment_card?": 90}))
    True
    """
    passed = found.counts.get(recogniser.kind, 0)
    total = passed + found.counts.get(recogniser.kind + MISSED, 0)
    if total < ENOUGH or not recogniser.chance:
        return False
    return bool(bdtrc(passed - 1, total, recogniser.chance) > CHANCE_ALPHA)


def _judge(facts: Facts) -> list[Found]:
    return [
        _column(facts, column) for column in facts.written(PERSONAL_DATA.name, PERSONAL_DATA.reads)
    ]


def _column(facts: Facts, column: TextColumn) -> Found:
    now, usual = facts.occurrences(PERSONAL_DATA.name, column.name)
    if now is None or not now.n:
        return Found(judgement=Judgement(Verdict.UNKNOWN, "no text to look at"), column=column.name)
    kinds = [kind for kind in RECOGNISERS.values() if not by_chance(kind, now)]
    judgements = [
        _new(kind, now, usual) or _risen(facts, kind, now, usual)
        for kind in kinds
        if now.counts.get(kind.kind)
    ]
    most = max((now.counts.get(kind.kind, 0) for kind in kinds), default=0)
    none = Judgement(Verdict.OK, f"none of {len(RECOGNISERS)} kinds in {now.n:,} texts")
    worst = max(judgements, key=lambda judgement: judgement.verdict.rank, default=none)
    told = [one.reason for one in judgements if one.verdict is worst.verdict]
    reason = "; ".join(told) if told else worst.reason
    return Found(
        judgement=Judgement(worst.verdict, reason),
        column=column.name,
        n=now.n,
        value=most / now.n,
        tolerance=facts.tolerance(SIGNAL.id, TOLERANCE),
    )


def _new(kind: Recogniser, now: Occurrences, usual: Occurrences | None) -> Judgement | None:
    """A grave kind that no earlier window had is a finding by itself."""
    if not kind.grave or (usual is not None and usual.counts.get(kind.kind)):
        return None
    said = f"{kind.title} in {now.counts[kind.kind]:,} of {now.n:,} texts"
    before = f", none in {usual.n:,} texts before" if usual is not None and usual.n else ""
    return Judgement(Verdict.FAIL, said + before)


def _risen(
    facts: Facts, kind: Recogniser, now: Occurrences, usual: Occurrences | None
) -> Judgement:
    tolerance = facts.tolerance(SIGNAL.id, TOLERANCE)
    judged = judge_share(
        Share(now.counts[kind.kind], now.n),
        Share(usual.counts.get(kind.kind, 0), usual.n) if usual is not None else None,
        alpha=facts.alpha,
        tolerance=tolerance,
        fail_tolerance=tolerance if kind.grave else 1.0,
    )
    return Judgement(judged.verdict, f"{kind.title}: {judged.reason}")


TOLERANCE = 0.005
SIGNAL = add(
    Signal(
        id="SEC-08",
        name="personal_data",
        title="No personal data where there was none.",
        missing=needs(PERSONAL_DATA.reads, "a column of texts"),
        judge=_judge,
        tolerance=TOLERANCE,
    )
)
