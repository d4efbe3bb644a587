"""Send what waits in the outbox: each message once, in order, within a few seconds.

The claim is committed before the call and the outcome after it, so a process that dies in between
leaves a lease behind. When that is over the next one looks up whether the message is there.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitoring_pipelines.alerts.message import AlertMessage
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.store import outbox
from monitoring_pipelines.store.outbox import WAITING, Claim, Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.notify.base import Notifier


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainReport:
    """Calls of this run that succeeded and failed; all messages that wait or were given up."""

    sent: int
    failed: int
    waiting: int
    dead: int


def drain(
    engine: sa.Engine, notifiers: Mapping[str, Notifier], now: datetime, budget_s: float = 5.0
) -> DrainReport:
    """Send until nothing is due or `budget_s` is over.

    `notifiers` are by the prefix of a destination (``slack:C0123``). What none of them reaches
    stays in the outbox.
    """
    began, owner = time.monotonic(), uuid.uuid4().hex
    sent = failed = 0
    while (elapsed := time.monotonic() - began) < budget_s:
        at = now + timedelta(seconds=elapsed)
        with engine.begin() as connection:
            claimed = outbox.claim(connection, notifiers, owner, at)
        if claimed is None:
            break
        notifier = notifiers[claimed.destination.partition(":")[0]]
        if _deliver(engine, notifier, claimed, at):
            sent += 1
        else:
            failed += 1
    with engine.connect() as connection:
        counts = outbox.counts(connection)
    return DrainReport(
        sent=sent,
        failed=failed,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        dead=counts.get(Delivery.DEAD, 0),
    )


def _deliver(engine: sa.Engine, notifier: Notifier, claimed: Claim, at: datetime) -> bool:
    with engine.connect() as connection:
        place = outbox.place(connection, claimed)
    try:
        ref = _say(notifier, claimed, RemoteRef(*place) if place else None)
    except DeliveryError as error:
        with engine.begin() as connection:
            _settle(connection, claimed, error, at)
        return False
    with engine.begin() as connection:
        outbox.sent(connection, claimed, ref, at)
    return True


def _say(notifier: Notifier, claimed: Claim, root: RemoteRef | None) -> RemoteRef | None:
    """Make the one call that `claimed` asks for; where the incident's root stands after it."""
    channel = claimed.destination.partition(":")[2]
    message = AlertMessage.from_json(claimed.payload)
    order = Order(claimed.op, channel, message, claimed.idem, root)
    # an edit does no harm twice, so it is never looked up
    if claimed.unsure_since and not (claimed.op.is_edit and root):
        try:
            found = notifier.find(order, claimed.unsure_since)
        except (DestinationError, PayloadError, GoneError):
            # better twice than never, when the history cannot be read
            small = (*message.small, "possible repeat")
            order = order._replace(message=replace(message, small=small))
        else:
            if found:
                return root or found
    return notifier.send(order) or root


def _settle(connection: sa.Connection, claimed: Claim, error: DeliveryError, at: datetime) -> None:
    said = str(error)
    match error:
        case UnknownOutcomeError():
            outbox.unsure(connection, claimed, said, at)
        case RetryLaterError(after_s=after_s):
            outbox.later(connection, claimed, said, after_s, at)
        case GoneError():
            outbox.forget_place(connection, claimed)
            outbox.later(connection, claimed, said, None, at)
        case PayloadError():
            # also without blocks it is refused, and the same words will be again
            outbox.bury(connection, claimed, said)
        case _:
            outbox.block(connection, claimed, said, at)
