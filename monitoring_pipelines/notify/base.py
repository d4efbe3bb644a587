"""What a channel can do, and how it says that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring_pipelines.alerts.message import AlertMessage


# of a model that names no channel: it is chosen when the message is sent, not when it is written
DEFAULT_CHANNEL = "default"


class RemoteRef(NamedTuple):
    """Where a message stands at the service, so that it can be edited."""

    channel: str
    ts: str


class Notifier(Protocol):
    """A service that carries messages. Each call is one attempt and never waits to try again.

    Every method raises a `DeliveryError`: `RetryLaterError`, `UnknownOutcomeError`,
    `DestinationError`, `PayloadError` or, for an edit, `GoneError`.
    """

    def post(self, channel: str, message: AlertMessage, idem: str) -> RemoteRef:
        """Say something new; `idem` marks it, so that `find` can tell it from all others."""
        ...

    def reply(self, ref: RemoteRef, message: AlertMessage, idem: str) -> RemoteRef:
        """Say under an earlier message, and in the channel, that it is news again."""
        ...

    def update(self, ref: RemoteRef, message: AlertMessage) -> None:
        """Replace an earlier message in place; nobody is called."""
        ...

    def check(self) -> str:
        """Who this is at the service, after asking it whether messages may be posted."""
        ...

    def find(self, channel: str, idem: str, since: datetime) -> RemoteRef | None:
        """The message that was marked `idem`, if one was stored at `since` or later."""
        ...
