"""Send what waits in the outbox: each message once, in order, within a few seconds.

The claim is committed before the call and the outcome after it, so a process that dies in between
leaves a lease behind. When that is over the next one looks up whether the message is there.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.message import AlertMessage
from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Order, RemoteRef
from monitoring_pipelines.store import outbox, sending, stuck
from monitoring_pipelines.store.fallback import divert
from monitoring_pipelines.store.outbox import WAITING, Delivery, Told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import sqlalchemy as sa

    from monitoring_pipelines.notify.base import Notifier
    from monitoring_pipelines.store.sending import Claim

# Slack takes one message a second in a channel, from a bot and from a webhook
PACE: Mapping[str, timedelta] = {
    "slack": timedelta(seconds=1.1),
    "slack_webhook": timedelta(seconds=1.1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainReport:
    """Calls of this run that succeeded and failed; all messages that wait or were given up.

    `blocked` says of each destination that has to be mended what is wrong with it.
    """

    sent: int
    failed: int
    waiting: int
    dead: int
    blocked: tuple[str, ...] = ()

    @classmethod
    def of(cls, connection: sa.Connection, sent: int, failed: int) -> DrainReport:
        """How the outbox stands after so many calls."""
        counts = outbox.counts(connection)
        return cls(
            sent=sent,
            failed=failed,
            waiting=sum(counts.get(state, 0) for state in WAITING),
            dead=counts.get(Delivery.DEAD, 0),
            blocked=tuple(f"{b.destination}: {b.error}" for b in stuck.blocked(connection)),
        )


def drain(
    engine: sa.Engine,
    notifiers: Mapping[str, Notifier],
    now: datetime,
    budget_s: float = 5.0,
    fallback: str | None = None,
    pace: Mapping[str, timedelta] = PACE,
) -> DrainReport:
    """Send until nothing is due or `budget_s` is over.

    `notifiers` are by the prefix of a destination (``slack:C0123``), and so is the least time
    between two messages. What no notifier reaches stays in the outbox. `fallback` is the
    destination that hears at once of what a blocked one would not.
    """
    run = _Drain(engine, notifiers, now, fallback, pace)
    run.divert()
    while (left_s := budget_s - run.elapsed_s) > 0:
        claimed = run.claim()
        if claimed is not None:
            run.deliver(claimed)
        elif not run.wait(left_s):
            break
    with engine.connect() as connection:
        return DrainReport.of(connection, run.sent, run.failed)


@dataclass(slots=True)
class _Drain:
    """One run of `drain`."""

    engine: sa.Engine
    notifiers: Mapping[str, Notifier]
    now: datetime
    fallback: str | None
    pace: Mapping[str, timedelta]
    sent: int = 0
    failed: int = 0
    places: dict[str, timedelta] = field(default_factory=dict)
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        with self.engine.connect() as connection:
            waiting = sending.waiting_at(connection)
        for place in waiting | ({self.fallback} if self.fallback else set()):
            service, _, channel = place.partition(":")
            if service in self.notifiers and self.notifiers[service].reaches(channel):
                self.places[place] = self.pace.get(service, timedelta())

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.began

    @property
    def at(self) -> datetime:
        return self.now + timedelta(seconds=self.elapsed_s)

    def claim(self) -> Claim | None:
        with self.engine.begin() as connection:
            return sending.claim(connection, self.places, self.owner, self.at)

    def wait(self, left_s: float) -> bool:
        """Wait for a destination's turn, if it comes in time and is all that is waited for."""
        with self.engine.connect() as connection:
            turn = sending.next_turn(connection, self.places, self.at)
        if turn is None or (turn - self.at).total_seconds() >= left_s:
            return False
        time.sleep(max(0.0, (turn - self.at).total_seconds()))
        return True

    def deliver(self, claimed: Claim) -> None:
        at = self.at
        notifier = self.notifiers[claimed.destination.partition(":")[0]]
        order = self._order(claimed)
        try:
            ref = _say(notifier, claimed, order)
        except DeliveryError as error:
            self.failed += 1
            with self.engine.begin() as connection:
                _settle(connection, claimed, order, error, at)
            if isinstance(error, DestinationError):
                self.divert()
            return
        self.sent += 1
        # asked outside of the transaction: the answer is read from the same database
        lacks_chart = notifier.lacks_chart(order)
        with self.engine.begin() as connection:
            if sending.sent(connection, claimed, ref, at) and lacks_chart:
                told = Told(claimed.seq, Op.PICTURE, claimed.payload)
                outbox.enqueue(connection, claimed.incident, claimed.destination, told, at)

    def divert(self) -> None:
        """Let the fallback hear of what waits for blocked destinations."""
        if self.fallback in self.places:
            with self.engine.begin() as connection:
                divert(connection, str(self.fallback), _as_fallback, self.at)

    def _order(self, claimed: Claim) -> Order:
        with self.engine.connect() as connection:
            root = sending.place(connection, claimed.incident, claimed.destination)
            under = claimed.under and sending.place(connection, claimed.under, claimed.destination)
        return Order(
            op=claimed.op,
            channel=claimed.destination.partition(":")[2],
            message=AlertMessage.from_json(claimed.payload),
            idem=claimed.idem,
            root=RemoteRef(*root) if root else None,
            under=RemoteRef(*under) if under else None,
        )


def _say(notifier: Notifier, claimed: Claim, order: Order) -> RemoteRef | None:
    """Make the one call that `claimed` asks for; where the incident's root stands after it."""
    # an edit does no harm twice, so it is never looked up
    if claimed.unsure_since and not (order.op.is_edit and order.root):
        try:
            found = notifier.find(order, claimed.unsure_since)
        except (DestinationError, PayloadError, GoneError):
            if order.op is Op.PICTURE:
                raise
            # better twice than never, when the history cannot be read
            order = _with_small(order, "possible repeat")
        else:
            if found:
                return order.root or found
    if order.root is None and not (order.op.is_root or order.op.is_edit):
        order = _with_small(order, f"continues {order.message.incident}")
    return notifier.send(order) or order.root


def _with_small(order: Order, text: str) -> Order:
    return order._replace(message=replace(order.message, small=(*order.message.small, text)))


def _settle(
    connection: sa.Connection, claimed: Claim, order: Order, error: DeliveryError, at: datetime
) -> None:
    said = str(error)
    match error:
        case UnknownOutcomeError():
            sending.unsure(connection, claimed, said, at)
        case RetryLaterError(after_s=after_s):
            sending.later(connection, claimed, said, after_s, at)
        case DestinationError() | PayloadError() if order.message.chart and order.op is Op.PICTURE:
            # the alert stands; a word in its thread instead of the picture
            sending.instead(connection, claimed, _no_picture(order.message, said), said)
        case GoneError():
            if order.root is None:
                sending.alone(connection, claimed)
            sending.forget_place(connection, claimed)
            sending.later(connection, claimed, said, None, at)
        case PayloadError():
            # also without blocks it is refused, and the same words will be again
            sending.bury(connection, claimed, said, is_known=True)
        case _:
            sending.block(connection, claimed, said, at)


def _no_picture(message: AlertMessage, error: str) -> dict[str, Any]:
    said = replace(
        message,
        what="The chart is not available.",
        detail=f"The picture could not be sent: {error}.",
        chart=None,
        mentions=(),
    )
    return said.to_json()


def _as_fallback(payload: Mapping[str, Any], destination: str, error: str) -> dict[str, Any]:
    message = AlertMessage.from_json(payload)
    # with its colon it would look like an address, and be made inert
    where, reason = destination.replace(":", " "), f" ({error})" if error else ""
    told = f"Fallback: {where} cannot be reached{reason}, so it is said here."
    return replace(message, detail=f"{told} {message.detail}".rstrip()).to_json()
