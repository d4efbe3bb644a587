"""Any program that takes JSON: signed, dated, and marked so that it can tell a repeat.

The signature is ``v1=`` and the HMAC-SHA256 of ``v1:<timestamp>:<body>``, in hexadecimal. Whoever
receives it should compare in constant time, refuse a timestamp older than five minutes, and
remember the `Idempotency-Key`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from monitoring_pipelines.errors import DestinationError
from monitoring_pipelines.notify.base import Notifier, Order, RemoteRef
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.web import is_web, post, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

SECRET = "_SECRET"  # noqa: S105 - the end of the variable's name
MAX_TEXT = 2_000


class WebhookNotifier(Notifier):
    """A channel is the name of the environment variable that holds the URL.

    The variable of that name with ``_SECRET`` holds the key of the signature.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        timeout_s: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._environ, self._timeout_s, self._clock = environ, timeout_s, clock

    def reaches(self, channel: str) -> bool:
        """Whether both variables are set."""
        return bool(self._environ.get(channel) and self._environ.get(channel + SECRET))

    def send(self, order: Order) -> RemoteRef | None:
        """Post everything, edits too: a program decides by itself what is news."""
        body = json.dumps(payload(order), ensure_ascii=False).encode()
        at = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": order.idem,
            "X-Mlmon-Timestamp": at,
            "X-Mlmon-Signature": signature(self._environ.get(order.channel + SECRET, ""), at, body),
        }
        refused = refusal(
            post(self._environ.get(order.channel, ""), body, headers, self._timeout_s)
        )
        if refused is not None:
            raise refused
        return RemoteRef(order.channel, order.message.incident)

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Nothing has to be looked up: a repeat is known by its `Idempotency-Key`."""
        del order, since
        return None

    def check(self) -> str:
        """Nothing can be asked."""
        return "signed JSON"

    def examine(self, channel: str) -> str:
        """Look at the address."""
        if not is_web(self._environ.get(channel, "")):
            raise DestinationError(f"{channel} holds no http or https URL")
        return self.check()


def signature(secret: str, at: str, body: bytes) -> str:
    """What the header `X-Mlmon-Signature` holds.

    >>> signature("secret", "1795521600", b"{}")[:11]
    'v1=274732a6'
    """
    signed = f"v1:{at}:".encode() + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def payload(order: Order) -> dict[str, Any]:
    """What is posted; names change only with `version`, and all texts are inert."""
    message = order.message
    texts = {
        name: inert(getattr(message, name), MAX_TEXT)
        for name in ("title", "what", "detail", "before", "handled", "owner")
    }
    return {
        "version": 1,
        "id": order.idem,
        "op": order.op.value,
        "incident": message.incident,
        "stage": message.stage.value,
        "severity": message.severity.value,
        **texts,
        "facts": [_inert(fact._asdict()) for fact in message.facts],
        "steps": [inert(step, MAX_TEXT) for step in message.steps],
        "links": [
            {"label": inert(link.label), "url": link.url}
            for link in message.links
            if is_web(link.url)
        ],
        "small": [inert(text, MAX_TEXT) for text in message.small],
        "chart": _inert(message.chart._asdict()) if message.chart else None,
        "table": _inert(message.table._asdict()) if message.table else None,
    }


def _inert(node: Any) -> Any:
    """Every text in it made inert, numbers as they are."""
    if isinstance(node, str):
        return inert(node, MAX_TEXT)
    if isinstance(node, dict):
        return {name: _inert(value) for name, value in node.items()}
    if isinstance(node, tuple | list):
        return [_inert(item) for item in node]
    return node
