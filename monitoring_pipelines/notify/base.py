"""What a channel can do, and how it says that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from monitoring_pipelines.alerts.op import Op

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.alerts.message import AlertMessage


# of a model that names no channel: it is chosen when the message is sent, not when it is written
DEFAULT_CHANNEL = "default"


class RemoteRef(NamedTuple):
    """Where a message stands at the service, so that it can be edited and answered.

    `thread` is the root of the thread that it is an answer in, None if it is a root itself.
    """

    channel: str
    ts: str
    thread: str | None = None

    @property
    def root(self) -> str:
        """What an answer has to name: a service knows no threads in threads."""
        return self.thread or self.ts


class Order(NamedTuple):
    """One thing to say: what a notifier gets for one call.

    `idem` marks the message, so that `find` can tell it from all others. `root` is where the
    incident's message stands at this destination, None if it has none there (yet, or any more).
    `under` is the message in whose thread the incident's own is to stand.
    """

    op: Op
    channel: str
    message: AlertMessage
    idem: str
    root: RemoteRef | None = None
    under: RemoteRef | None = None


# what a service without edits and threads says; the rest are corrections and numbers
NEWS = frozenset({Op.OPEN, Op.REOPEN, Op.ESCALATE, Op.REMIND, Op.RESOLVE, Op.DIGEST})


def is_news(order: Order) -> bool:
    """Whether it is worth a message of its own; an edit is, if nothing was said that it edits."""
    return order.op in NEWS or (order.op is Op.UPDATE and order.root is None)


class Memory(Protocol):
    """What a service taught us and which files were begun, kept between processes."""

    def knows(self, service: str, fact: str) -> bool:
        """Whether `fact` was learned about `service`, not too long ago."""
        ...

    def learn(self, service: str, fact: str) -> None:
        """Remember `fact` from now on."""
        ...

    def upload(self, idem: str) -> tuple[str, str] | None:
        """Id of the file that was begun for a message, and how far it came."""
        ...

    def keep_upload(self, idem: str, file_id: str, sha256: str, state: str) -> None:
        """Remember the file of a message and how far it came."""
        ...


class Forgetful:
    """A memory that lasts as long as the process."""

    def __init__(self) -> None:
        self._facts: set[tuple[str, str]] = set()
        self._uploads: dict[str, tuple[str, str]] = {}

    def knows(self, service: str, fact: str) -> bool:
        """Whether it was learned."""
        return (service, fact) in self._facts

    def learn(self, service: str, fact: str) -> None:
        """Remember it."""
        self._facts.add((service, fact))

    def upload(self, idem: str) -> tuple[str, str] | None:
        """The file of a message."""
        return self._uploads.get(idem)

    def keep_upload(self, idem: str, file_id: str, sha256: str, state: str) -> None:
        """Remember the file of a message."""
        del sha256
        self._uploads[idem] = (file_id, state)


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

        A service that cannot look raises a `DestinationError`: the call is then made again, marked
        as a possible repeat. One that knows a repeat by its mark says None.
        """
        ...

    def check(self) -> str:
        """Who this is at the service, after asking it whether messages may be posted."""
        ...

    def examine(self, channel: str) -> str:
        """What is known of one channel without posting there; a `DeliveryError` if it is wrong."""
        del channel
        return "configured"

    def reaches(self, channel: str) -> bool:
        """Whether this process has what it takes to post there, such as the channel's secret."""
        del channel
        return True

    def lacks_chart(self, order: Order) -> bool:
        """Whether the message stands there without its chart, which is then sent as a picture."""
        del order
        return False
