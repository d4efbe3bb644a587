"""What is older than it is to be kept, and its deletion with a checkpoint in the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.domain.window import window_of
from monitoring_pipelines.errors import HandlingError
from monitoring_pipelines.pipeline.handling import Done
from monitoring_pipelines.pipeline.previous_version import SEARCHED
from monitoring_pipelines.store.history import LENGTH
from monitoring_pipelines.store.pruning import Old, old, oldest_open, prune

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.pipeline.handling import By
    from monitoring_pipelines.pipeline.model import Model
    from monitoring_pipelines.store.database import Store

# what is judged now looks back so far: for gaps, late labels, usual volume, incidents
WINDOWS_KEPT = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go of a model: windows that ended by `before`, records of those by `records`.

    `before` is None if everything is kept; `why` says what holds it back.
    """

    model: str
    before: datetime | None
    records_before: datetime | None
    found: Old
    why: str = ""


def plan(
    model: Model,
    store: Store,
    now: datetime,
    before: datetime | None = None,
    records_before: datetime | None = None,
) -> Plan:
    """What goes by the moments that are given, else by the model's `retention`."""
    kept = model.config.retention
    if before is None and records_before is None:
        before = now - kept.results if kept.results else None
        records_before = now - kept.records if kept.records else None
    if before is None:
        if records_before is not None:
            raise HandlingError("Records cannot go before the results that they vouch for.")
        return Plan(model.name, None, None, Old(0, 0, ()), "`retention.results` is not set")
    why = ""
    with store.read() as connection:
        last = oldest_open(connection, model.name)
        # without its failures an incident would be taken back; what is older may go
        failed = last - WINDOWS_KEPT * LENGTH[model.config.window] if last else None
        for limit, reason in (
            (_needed_since(model, now), "newer windows are still looked at"),
            (failed, "an open incident rests on newer windows"),
        ):
            if limit is not None and limit < before:
                before, why = limit, reason
        if records_before is not None:
            records_before = min(records_before, before)
        return Plan(
            model.name,
            before,
            records_before,
            old(connection, model.name, before, records_before),
            why,
        )


def apply(store: Store, chosen: Plan, reason: str, by: By) -> Done:
    """Delete it; the checkpoint says who, when, why and how much."""
    if not reason.strip():
        raise HandlingError("Say why: the reason is empty.")
    if chosen.before is None or not (chosen.found.results or chosen.found.records):
        return Done(f"Nothing of {chosen.model} is old enough: nothing was deleted.")
    with store.write() as connection:
        done, head = prune(
            connection,
            chosen.model,
            before=chosen.before,
            records_before=chosen.records_before,
            by=by.name,
            reason=reason,
        )
    told = (
        f"Deleted of {chosen.model}: {done.results:,} results and {done.summaries:,} summaries of "
    )
    told += (
        f"windows that ended by {chosen.before:%Y-%m-%d}, content of {len(done.records):,} records"
    )
    return Done(f"{told}: record {head.seq}.", chosen.model)


def _needed_since(model: Model, now: datetime) -> datetime:
    reference = model.config.reference
    searched = SEARCHED if reference.previous_version else 0
    back = max(
        max(WINDOWS_KEPT, reference.rolling or 0, searched) * LENGTH[model.config.window],
        timedelta(weeks=reference.same_weekday or 0),
    )
    since = now - model.maturity - back
    return window_of(since, model.config.window, model.config.zone).utc.start
