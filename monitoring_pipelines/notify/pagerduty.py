"""PagerDuty, Events API v2: an incident of ours is an incident there.

The incident's id is the `dedup_key`, so the same event sent twice is one event, and after a lost
answer it is simply sent again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.alerts.message import Stage
from monitoring_pipelines.alerts.op import CALLS, Op
from monitoring_pipelines.alerts.severity import Severity
from monitoring_pipelines.errors import (
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Notifier, Order, RemoteRef
from monitoring_pipelines.notify.blocks import summary
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.web import is_web, post, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitoring_pipelines.alerts.message import AlertMessage

BASE_URL = "https://events.pagerduty.com"
KEY_LENGTH = 32
MAX_DETAIL = 800


class PagerDutyNotifier(Notifier):
    """A channel is the name of the environment variable that holds the integration key.

    `base_url` is another one in the EU: ``https://events.eu.pagerduty.com``.
    """

    def __init__(
        self, environ: Mapping[str, str], base_url: str = BASE_URL, timeout_s: float = 10.0
    ) -> None:
        self._environ, self._timeout_s = environ, timeout_s
        self._url = f"{base_url.rstrip('/')}/v2/enqueue"

    def reaches(self, channel: str) -> bool:
        """Whether the variable is set."""
        return bool(self._environ.get(channel))

    def send(self, order: Order) -> RemoteRef | None:
        """Trigger, acknowledge or resolve; what is none of these does not page anybody."""
        action = _action(order)
        if action is None:
            return None
        event = {
            "routing_key": self._environ.get(order.channel, ""),
            "event_action": action,
            "dedup_key": order.message.incident,
        }
        if action == "trigger":
            event |= _described(order.message)
        try:
            answer = post(
                self._url,
                json.dumps(event).encode(),
                {"Content-Type": "application/json"},
                self._timeout_s,
            )
            refused = refusal(answer)
        except UnknownOutcomeError as error:
            refused = error
        if isinstance(refused, UnknownOutcomeError):
            raise RetryLaterError(str(refused))  # twice is once there
        if isinstance(refused, PayloadError) and "routing_key" in str(refused):
            raise DestinationError(f"{order.channel} holds no integration key")
        if refused is not None:
            raise refused
        return RemoteRef(order.channel, order.message.incident)

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Nothing has to be looked up: a repeat is known by its `dedup_key`."""
        del order, since
        return None

    def check(self) -> str:
        """Nothing can be asked without paging somebody."""
        return "one incident there for each of ours"

    def examine(self, channel: str) -> str:
        """Look at the key, without its use."""
        if len(self._environ.get(channel, "")) != KEY_LENGTH:
            raise DestinationError(
                f"{channel} holds no integration key of the Events API v2 ({KEY_LENGTH} characters)"
            )
        return self.check()


def _action(order: Order) -> str | None:
    if order.op in CALLS:
        return "trigger"
    if order.op is Op.RESOLVE:
        return "resolve"
    if order.op is Op.UPDATE:
        if order.root is None and order.message.stage.is_open:
            return "trigger"
        # a repeated trigger would page again whoever has closed it there
        return "acknowledge" if order.message.stage is Stage.ACKNOWLEDGED else None
    return None


def _described(message: AlertMessage) -> dict[str, Any]:
    details = {fact.label: inert(fact.text, MAX_DETAIL) for fact in message.facts}
    details |= {f"Do next {n}": inert(step, MAX_DETAIL) for n, step in enumerate(message.steps, 1)}
    return {
        "client": "mlmon",
        "payload": {
            "summary": summary(message),
            "source": inert(message.title, 100),
            "severity": "critical" if message.severity is Severity.CRITICAL else "error",
            "custom_details": {"Detail": inert(message.detail, MAX_DETAIL), **details},
        },
        "links": [
            {"href": link.url, "text": inert(link.label, 80)}
            for link in message.links
            if is_web(link.url)
        ],
    }
