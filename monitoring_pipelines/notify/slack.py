"""Slack, through slack-sdk with its own retries off.

After a lost answer the SDK would simply call again, and the message would stand there twice. Here
every answer is sorted into what may follow from it; the outbox decides.
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from socket import gaierror
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    GoneError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import DEFAULT_CHANNEL, Order, RemoteRef
from monitoring_pipelines.notify.blocklint import problems
from monitoring_pipelines.notify.blocks import blocks, summary, words
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from slack_sdk.web import SlackResponse


HISTORY = {"channels:history", "groups:history"}
EVENT_TYPE = "mlmon_alert"
CLOCK_SLACK_S = 5
PAGE = 200
MAX_PAGES = 20
SERVER_ERROR = 500
MAX_RETRY_AFTER_S = 3600.0

_RETRY = frozenset(
    {"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"}
)
_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout"})
_PAYLOAD = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "metadata_too_large",
    "block_mismatch", "msg_too_long", "no_text",
})  # fmt: skip
_GONE = frozenset({
    "message_not_found", "edit_window_closed", "cant_update_message", "is_inactive",
    "streaming_state_conflict", "cannot_reply_to_message", "thread_not_found",
    "restricted_action_thread_locked",
})  # fmt: skip
# the SDK logs whole payloads at debug level; failures are told by the errors raised here
_QUIET = logging.getLogger(f"{__name__}.sdk")
_QUIET.setLevel(logging.CRITICAL)

_NEVER_SENT = (gaierror, ConnectionRefusedError, SSLCertVerificationError)


class SlackNotifier:
    """Posts and edits as a bot. `base_url` ends in ``/``; another one serves tests and proxies."""

    BASE_URL = WebClient.BASE_URL

    def __init__(
        self,
        token: str,
        base_url: str = WebClient.BASE_URL,
        timeout_s: int | float = 10,
        default_channel: str | None = None,
    ) -> None:
        self._default_channel = default_channel
        self._takes_charts = True
        # the SDK's type says int, while urllib takes fractions too
        self._client = WebClient(
            token,
            base_url=base_url,
            timeout=timeout_s,  # type: ignore[arg-type]
            retry_handlers=[],
            logger=_QUIET,
        )

    def send(self, order: Order) -> RemoteRef | None:
        """Post, edit or reply; a reply that lost its root is posted as a root."""
        if order.root is None:
            return self._say({"channel": self._resolved(order.channel)}, order)
        place = {"channel": order.root.channel, "ts": order.root.ts}
        if order.op.is_edit:
            # the metadata stay, and nobody is called
            self._speak(self._client.chat_update, place, order)
            return None
        place = {"channel": order.root.channel, "thread_ts": order.root.ts}
        self._say(place | {"reply_broadcast": order.op.is_broadcast}, order)
        return None

    def check(self) -> str:
        """Name the bot and its workspace; a token without the scope to post is refused."""
        answer = _call(self._client.auth_test)
        headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
        scopes = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")} - {
            ""
        }
        missing = [scope for scope in ("chat:write",) if scopes and scope not in scopes]
        if missing:
            raise DestinationError(f"missing_scope (needs scope {', '.join(missing)})")
        said = f"{inert(answer.get('user', '?'), 80)} in {inert(answer.get('team', '?'), 80)}"
        if scopes and not scopes & HISTORY:
            return f"{said}; without channels:history a lost answer may give a message twice"
        return said

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Look for the marked message through the channel's history, or through the thread."""
        place = {"channel": self._resolved(order.channel)}
        read: Callable[..., SlackResponse] = self._client.conversations_history
        if order.root is not None and not order.op.is_broadcast:
            place = {"channel": order.root.channel, "ts": order.root.ts}
            read = self._client.conversations_replies
        place["oldest"] = f"{since.timestamp() - CLOCK_SLACK_S:.6f}"
        cursor: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            page = _call(read, **place, **cursor, limit=PAGE, include_all_metadata=True)
            messages: list[dict[str, Any]] = page.get("messages") or []
            for message in messages:
                payload = message.get("metadata", {}).get("event_payload", {})
                if payload.get("idem") == order.idem:
                    return RemoteRef(place["channel"], message["ts"])
            follows: dict[str, str] = page.get("response_metadata") or {}
            if not follows.get("next_cursor"):
                return None
            cursor = {"cursor": follows["next_cursor"]}
        raise DestinationError("more messages since then than can be searched")

    def _resolved(self, channel: str) -> str:
        """Put the environment's channel in for a model that names none."""
        if channel != DEFAULT_CHANNEL:
            return channel
        if self._default_channel is None:
            raise DestinationError("no channel: set SLACK_CHANNEL, or `alerts.slack` of the model")
        return self._default_channel

    def _say(self, place: dict[str, Any], order: Order) -> RemoteRef:
        marked = {"event_type": EVENT_TYPE, "event_payload": {"idem": order.idem}}
        quiet = {"metadata": marked, "unfurl_links": False, "unfurl_media": False}
        answer = self._speak(self._client.chat_postMessage, place | quiet, order)
        return RemoteRef(answer["channel"], answer["ts"])

    def _speak(
        self, method: Callable[..., SlackResponse], place: dict[str, Any], order: Order
    ) -> SlackResponse:
        """Send blocks; if they are refused, without the chart, then the same inert words alone."""
        message = order.message
        tries = [blocks(message, order.op, with_chart=self._takes_charts)]
        if self._takes_charts and message.chart:
            tries.append(blocks(message, order.op, with_chart=False))
        for number, built in enumerate(tries):
            if problems(built):
                continue
            try:
                answer = _call(method, **place, text=summary(message, order.op), blocks=built)
            except PayloadError:
                continue
            # some workspaces take no native charts; the next message need not try
            self._takes_charts = self._takes_charts and number == 0
            return answer
        # an edit without `blocks` would keep the old ones
        return _call(method, **place, text=words(message, order.op), blocks=[])


def _call(method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
    try:
        return method(**arguments)
    except SlackApiError as error:
        raise classify(error.response) from error
    except (TimeoutError, ConnectionError, HTTPException) as error:
        # the request left, the answer was lost
        raise UnknownOutcomeError(type(error).__name__) from error
    except URLError as error:
        raise _unreached(error) from error
    except SlackClientError as error:
        # refused before anything was sent, as for a base URL that is none
        raise DestinationError(inert(error)) from error


def classify(response: SlackResponse) -> DeliveryError:
    """What may follow from an answer that is not ok."""
    data = response.data if isinstance(response.data, dict) else {}
    status = int(response.status_code)
    code = str(data.get("error", ""))
    headers = {name.lower(): value for name, value in (response.headers or {}).items()}
    if status == 429 or code in _RETRY:  # noqa: PLR2004 - HTTP's number
        return RetryLaterError(code or "ratelimited", _seconds(headers.get("retry-after")))
    if status >= SERVER_ERROR or code in _UNKNOWN or not code.replace("_", "").isalnum():
        # the SDK puts a sentence where the code should be if the answer was no JSON
        return UnknownOutcomeError(f"HTTP {status} {inert(code, 80)}".rstrip())
    if code in _PAYLOAD:
        return PayloadError(code)
    if code in _GONE:
        return GoneError(code)
    needed = f" (needs scope {inert(data['needed'], 80)})" if data.get("needed") else ""
    return DestinationError(f"{inert(code, 80)}{needed}")


def _unreached(error: URLError) -> DeliveryError:
    """Only a failure before anything was sent is sure not to have left a message."""
    name = type(error.reason).__name__
    if isinstance(error.reason, _NEVER_SENT):
        return RetryLaterError(f"not reached: {name}")
    return UnknownOutcomeError(name)


def _seconds(header: Any) -> float | None:
    """`Retry-After` in seconds, capped: a wrong header must not put an alert off for a day."""
    value = header[0] if isinstance(header, list) else header
    return min(float(value), MAX_RETRY_AFTER_S) if str(value).isdigit() else None
