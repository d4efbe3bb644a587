"""What is watched of a model, and what is not for want of what: nobody has to guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitoring_pipelines import __version__
from monitoring_pipelines.errors import SourceError
from monitoring_pipelines.pipeline.environment import open_store
from monitoring_pipelines.pipeline.evidence import check_new
from monitoring_pipelines.pipeline.governance import Looking, card_of, look
from monitoring_pipelines.pipeline.judging import Judging
from monitoring_pipelines.pipeline.llm_coverage import told_of
from monitoring_pipelines.pipeline.promised import log_facts
from monitoring_pipelines.pipeline.security import Guard
from monitoring_pipelines.security.judge import Judged
from monitoring_pipelines.security.signals import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitoring_pipelines.config.model import ModelConfig
    from monitoring_pipelines.pipeline.model import Model

BOXES = {
    "residual_risk": "Somebody accepts the risk that remains.",
    "rights_impact": "The impact on people's rights is assessed.",
    "instructions": "The instructions for use are adequate.",
    "conformity": "Conformity is assessed.",
}


class Signal(NamedTuple):
    """Something that can be watched; `says` is the finding, or the field that is missing."""

    signal: str
    active: bool
    verdict: str
    what: str
    says: str


def cover(model: Model, now: datetime) -> list[Signal]:
    """Signals, rules and boxes of a model, as of its newest window; nothing is stored."""
    found = [
        *_signals(model.config),
        *_security(model, now),
        *_rules(model, now),
        *boxes(model.config, now),
    ]
    if model.config.task.tells_outcome:
        found += [Signal(*told) for told in told_of(model, open_store(model.root), now)]
    return found


def _signals(config: ModelConfig) -> Iterator[Signal]:
    fields = {
        "volume": ("As many predictions as usual.", ""),
        "quality": ("Values as complete and valid as in the reference.", ""),
        "drift": ("Distributions as in the reference.", ""),
        "duplicates": ("Each id once.", "" if config.predictions.columns.id else "columns.id"),
        "performance": ("Performance against labels.", "" if config.labels else "labels"),
        "segments": ("Performance of parts.", "" if config.segments else "segments"),
        "expectations": ("The suite's.", "" if config.expectations else "expectations"),
    }
    for name, (what, missing) in fields.items():
        yield Signal(name, not missing, "", what, f"misses {missing}" if missing else "")


def _security(model: Model, now: datetime) -> Iterator[Signal]:
    windows = model.windows(None, None, now)
    if not model.config.security.is_on or not windows:
        return
    try:
        with Guard.open(model, open_store(model.root), now, "") as guard:
            guard.windows.keeps = False
            judged = guard.look(windows[-1]).judged
    except SourceError as error:
        judged = [Judged(signal, missing=str(error)) for signal in SIGNALS.values()]
    for one in judged:
        worst = max(
            (found.judgement for found in one.found), key=lambda j: j.verdict.rank, default=None
        )
        says = worst.reason if worst else f"misses {one.missing}"
        verdict = worst.verdict.value if worst else ""
        yield Signal(one.signal.id, worst is not None, verdict, one.signal.title, says)


def _rules(model: Model, now: datetime) -> Iterator[Signal]:
    if not model.config.governance.is_on:
        return
    windows = model.windows(None, None, now)
    if not windows:
        return
    store = open_store(model.root)
    judging, window = Judging(model.config, "", __version__), windows[-1]
    looking = Looking(check_new(store, remember=False), judging, now)
    log = log_facts(model, card_of(model.config), store, [window], now)[window]
    for one in look(model, store, window, log, looking).judged:
        verdict = one.finding.verdict.value if one.finding else ""
        says = one.finding.sentence if one.finding else f"misses {one.missing}"
        yield Signal(one.rule.id, one.finding is not None, verdict, one.rule.title, says)


def boxes(config: ModelConfig, now: datetime) -> Iterator[Signal]:
    """Decisions that no rule takes: open, with who and when, and never green."""
    planned = config.governance.needs_a_person if config.governance.is_on else {}
    if not config.governance.is_declared:
        return
    for name, what in BOXES.items():
        box = next((box for key, box in planned.items() if key == name), None)
        who = f"{box.owner} by {box.due}" if box else "nobody is named"
        who += ", which is over" if box and box.due < now.date() else ""
        yield Signal(name, False, "", what, f"needs a person: {who}")  # noqa: FBT003 - a record
