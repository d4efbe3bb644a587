"""Everything else, through apprise: text only, and nothing is known of what became of it.

Slack is refused: apprise passes mentions on, and cannot edit.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.errors import DestinationError, UnknownOutcomeError
from monitoring_pipelines.notify.base import Notifier, Order, RemoteRef, is_news
from monitoring_pipelines.notify.blocks import plain, summary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitoring_pipelines.alerts.message import AlertMessage


class AppriseNotifier(Notifier):
    """A channel is the name of the environment variable that holds one URL of apprise's."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def reaches(self, channel: str) -> bool:
        """Whether the variable is set."""
        return bool(self._environ.get(channel))

    def send(self, order: Order) -> RemoteRef | None:
        """Send what is news as plain text."""
        if not is_news(order):
            return None
        library = _library()
        sender = library.Apprise()
        sender.add(self._service(library, order.channel))
        done = sender.notify(
            title=summary(order.message, order.op),
            body=plain(order.message, order.op),
            body_format=library.NotifyFormat.TEXT,
            notify_type=_kind(order.message),
        )
        if not done:
            raise UnknownOutcomeError("apprise could not send it and does not say why")
        return RemoteRef(order.channel, order.idem)

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Nothing can be looked up."""
        raise DestinationError("apprise cannot be asked what it sent")

    def check(self) -> str:
        """Whether the library is there."""
        _library()
        return "text only: no edits, no threads, no look-up"

    def examine(self, channel: str) -> str:
        """Look at the URL."""
        return f"{self._service(_library(), channel).service_name}, text only"

    def _service(self, library: Any, channel: str) -> Any:
        url = self._environ.get(channel, "").strip()
        # of several, those that took it would get it again with those that did not
        service = library.Apprise.instantiate(url) if len(url.split()) == 1 else None
        if service is None:
            raise DestinationError(f"{channel} does not hold one URL that apprise knows")
        if "slack" in str(service.service_name).lower():
            raise DestinationError(f"{channel}: Slack goes by slack: or slack_webhook:")
        return service


def _library() -> Any:
    try:
        import apprise
    except ImportError:
        raise DestinationError(
            "apprise is not installed: pip install 'monitoring-pipelines[apprise]'"
        ) from None
    # it would log addresses and answers
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return apprise


def _kind(message: AlertMessage) -> str:
    if not message.stage.is_open:
        return "success"
    return "failure" if message.severity is Severity.CRITICAL else "warning"
