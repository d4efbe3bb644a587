"""What a channel can do, and how it says that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.alerts.message import AlertMessage
    from monitoring_pipelines.alerts.op import Op


# of a model that names no channel: it is chosen when the message is sent, not when it is written
DEFAULT_CHANNEL = "default"


class RemoteRef(NamedTuple):
    """Where a message stands at the service, so that it can be edited and answered."""

    channel: str
    ts: str


class Order(NamedTuple):
    """One thing to say: what a notifier gets for one call.

    `idem` marks the message, so that `find` can tell it from all others. `root` is where the
    incident's message stands at this destination, None if it has none there (yet, or any more).
    """

    op: Op
    channel: str
    message: AlertMessage
    idem: str
    root: RemoteRef | None = None


class Notifier(Protocol):
    """A service that carries messages. Each call is one attempt and never waits to try again.

    Every method raises a `DeliveryError`: `RetryLaterError`, `UnknownOutcomeError`,
    `DestinationError`, `PayloadError` or, for an edit or a reply, `GoneError`.
    """

    def send(self, order: Order) -> RemoteRef | None:
        """Do what the `Op` of `order` means here; where the incident's root stands after it.

        A service without edits or threads says an edit as a new message if it is news, and
        otherwise nothing. None keeps the root that is known.
        """
        ...

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """The message that was marked ``order.idem``, if one was stored at `since` or later.

        A service that cannot look raises a `DestinationError`: the call is then made again.
        """
        ...

    def check(self) -> str:
        """Who this is at the service, after asking it whether messages may be posted."""
        ...
