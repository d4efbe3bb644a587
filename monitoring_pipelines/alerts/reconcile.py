"""What was told before, and what the results show now: which incident is which?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitoring_pipelines.alerts.incident import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An incident as it was stored. `is_announced`: a message about it was queued."""

    id: str
    opened: datetime
    resolved: datetime | None
    is_announced: bool

    @property
    def is_open(self) -> bool:
        """Whether it still fired when it was stored."""
        return self.resolved is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`shown` are the incidents of now under their lasting ids.

    `withdrawn` were told of, and later results do not show them any more; `forgotten` nobody ever
    heard of.
    """

    shown: tuple[Incident, ...]
    withdrawn: tuple[str, ...]
    forgotten: tuple[str, ...]


def reconcile(computed: Sequence[Incident], known: Iterable[Known], since: datetime) -> Plan:
    """Match the incidents that the results since `since` show with the stored ones of that cause.

    Late labels and backfills move the window in which an incident opened, and with it its id. One
    that people were told of keeps the id that they know. So does one that opened before the
    history that was read, since its opening window cannot be seen any more.
    """
    stored = {k.id: k for k in known}
    unmatched = {incident.id: incident for incident in computed}
    kept: dict[str, Incident] = {}
    for id_ in sorted(stored.keys() & unmatched.keys()):
        kept[id_] = unmatched.pop(id_)
    # open ones choose first: they are what people look at
    lasting = [k for k in stored.values() if k.is_announced or k.opened < since]
    for k in sorted(lasting, key=lambda k: (k.is_open, k.opened, k.id), reverse=True):
        if k.id in kept:
            continue
        same = [i for i in unmatched.values() if i.overlaps(k.opened, k.resolved)]
        if same:
            newest = max(same, key=lambda i: i.opened)
            opened = k.opened if k.opened < since else newest.opened
            kept[k.id] = replace(unmatched.pop(newest.id), id=k.id, opened=opened)
    gone = [k for k in stored.values() if k.id not in kept]
    return Plan(
        shown=tuple(sorted([*kept.values(), *unmatched.values()], key=lambda i: (i.opened, i.id))),
        withdrawn=tuple(sorted(k.id for k in gone if k.is_announced and k.is_open)),
        forgotten=tuple(
            sorted(k.id for k in gone if not k.is_announced and (k.is_open or k.opened >= since))
        ),
    )
