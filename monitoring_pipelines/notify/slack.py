"""Slack, through slack-sdk with its own retries off.

After a lost answer the SDK would simply call again, and the message would stand there twice. Here
every answer is sorted into what may follow from it; the outbox decides.
"""

from __future__ import annotations

import hashlib
import logging
import re
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from monitoring_pipelines.alerts.op import Op
from monitoring_pipelines.errors import DestinationError, PayloadError
from monitoring_pipelines.notify.base import (
    DEFAULT_CHANNEL,
    Forgetful,
    Memory,
    Notifier,
    Order,
    RemoteRef,
)
from monitoring_pipelines.notify.blocklint import problems
from monitoring_pipelines.notify.blocks import blocks, summary, words
from monitoring_pipelines.notify.safe import inert
from monitoring_pipelines.notify.slack_call import call
from monitoring_pipelines.notify.slack_doctor import POST, granted
from monitoring_pipelines.notify.slack_doctor import channel as look_at
from monitoring_pipelines.notify.slack_files import share, shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from slack_sdk.web import SlackResponse

    from monitoring_pipelines.notify.elements import Block

EVENT_TYPE = "mlmon_alert"
NO_CHARTS = "no_charts"
CLOCK_SLACK_S = 5
PAGE = 200
MAX_PAGES = 20

# the SDK logs whole payloads at debug level; failures are told by the errors raised here
_QUIET = logging.getLogger(f"{__name__}.sdk")
_QUIET.setLevel(logging.CRITICAL)
# an error inside of a chart is this chart's; at the block itself it is every chart's
_INSIDE = re.compile(r"json-pointer:/blocks/\d+/(?!type\b)")


class SlackNotifier(Notifier):
    """Posts and edits as a bot. `base_url` ends in ``/``; another one serves tests and proxies."""

    BASE_URL = WebClient.BASE_URL

    def __init__(
        self,
        token: str,
        base_url: str = WebClient.BASE_URL,
        timeout_s: int | float = 10,
        default_channel: str | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._default_channel = default_channel
        self._memory = memory or Forgetful()
        # a token is of one workspace; what it is must not be readable in the database
        self._workspace = f"slack:{hashlib.sha256(token.encode()).hexdigest()[:16]}"
        self._bare: set[str] = set()
        # the SDK's type says int, while urllib takes fractions too
        self.client = WebClient(
            token,
            base_url=base_url,
            timeout=timeout_s,  # type: ignore[arg-type]
            retry_handlers=[],
            logger=_QUIET,
        )

    def send(self, order: Order) -> RemoteRef | None:
        """Post, edit or reply; a reply that lost its root is posted as a root."""
        if order.op is Op.PICTURE and order.message.chart:
            share(self.client, self._memory, order, order.message.chart)
            return None
        if order.root is not None and order.op.is_edit:
            # the metadata stay, and nobody is called
            there = {"channel": order.root.channel, "ts": order.root.ts}
            self._speak(self.client.chat_update, there, order)
            return None
        channel, thread = self._place(order)
        place: dict[str, Any] = {"channel": channel}
        if thread is not None:
            place |= {"thread_ts": thread, "reply_broadcast": order.op.is_broadcast}
        marked = {"event_type": EVENT_TYPE, "event_payload": {"idem": order.idem}}
        quiet = {"metadata": marked, "unfurl_links": False, "unfurl_media": False}
        answer = self._speak(self.client.chat_postMessage, place | quiet, order)
        return None if order.root else RemoteRef(answer["channel"], answer["ts"], thread)

    def lacks_chart(self, order: Order) -> bool:
        """Whether a new message was sent without the chart that belongs to it."""
        if order.op.is_edit or order.op is Op.PICTURE or not _has_chart(order):
            return False
        return order.idem in self._bare or self._memory.knows(self._workspace, NO_CHARTS)

    def delete(self, ref: RemoteRef) -> None:
        """Take a message away again, as one that was a test."""
        call(self.client.chat_delete, channel=ref.channel, ts=ref.ts)

    def check(self) -> str:
        """Name the bot and its workspace; a token without the scope to post is refused."""
        answer = call(self.client.auth_test)
        scopes = granted(answer)
        if scopes and POST not in scopes:
            raise DestinationError(f"missing_scope (needs scope {POST})")
        return f"{inert(answer.get('user', '?'), 80)} in {inert(answer.get('team', '?'), 80)}"

    def examine(self, channel: str) -> str:
        """Ask whether the channel is there and the app is in it."""
        return look_at(self.client, self._resolved(channel))

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Look for the marked message through the channel's history, or through the thread."""
        if order.op is Op.PICTURE and order.message.chart:
            return shared(self.client, self._memory, order)
        channel, thread = self._place(order)
        place = {"channel": channel}
        read: Callable[..., SlackResponse] = self.client.conversations_history
        if thread is not None and not order.op.is_broadcast:
            place["ts"] = thread
            read = self.client.conversations_replies
        place["oldest"] = f"{since.timestamp() - CLOCK_SLACK_S:.6f}"
        cursor: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            page = call(read, **place, **cursor, limit=PAGE, include_all_metadata=True)
            messages: list[dict[str, Any]] = page.get("messages") or []
            for message in messages:
                payload = message.get("metadata", {}).get("event_payload", {})
                if payload.get("idem") == order.idem:
                    return RemoteRef(channel, message["ts"], thread)
            follows: dict[str, str] = page.get("response_metadata") or {}
            if not follows.get("next_cursor"):
                return None
            cursor = {"cursor": follows["next_cursor"]}
        raise DestinationError("more messages since then than can be searched")

    def _place(self, order: Order) -> tuple[str, str | None]:
        """Channel and thread of a new message."""
        above = order.root or order.under
        return (above.channel, above.root) if above else (self._resolved(order.channel), None)

    def _resolved(self, channel: str) -> str:
        """Put the environment's channel in for a model that names none."""
        if channel != DEFAULT_CHANNEL:
            return channel
        if self._default_channel is None:
            raise DestinationError("no channel: set SLACK_CHANNEL, or `alerts.slack` of the model")
        return self._default_channel

    def _speak(
        self, method: Callable[..., SlackResponse], place: dict[str, Any], order: Order
    ) -> SlackResponse:
        """Send blocks; if they are refused, without the chart, then the same inert words alone."""
        drawn, bare = _blocks(order, with_chart=True), _blocks(order, with_chart=False)
        place |= {"text": summary(order.message, order.op)}
        takes_none = False
        if drawn != bare and not self._memory.knows(self._workspace, NO_CHARTS):
            try:
                return _with_blocks(method, place, drawn)
            except PayloadError as error:
                takes_none = _is_of_every_chart(error)
        if drawn != bare:
            self._bare.add(order.idem)
        try:
            answer = _with_blocks(method, place, bare)
        except PayloadError:
            # an edit without `blocks` would keep the old ones
            return call(method, **place | {"text": words(order.message, order.op)}, blocks=[])
        if takes_none:
            self._memory.learn(self._workspace, NO_CHARTS)
        return answer


def _with_blocks(
    method: Callable[..., SlackResponse], arguments: dict[str, Any], built: list[Block]
) -> SlackResponse:
    if problems(built):
        raise PayloadError("our own linter refuses these blocks")
    return call(method, **arguments, blocks=built)


def _is_of_every_chart(error: PayloadError) -> bool:
    """Some workspaces take no native charts at all; the next message need not try."""
    is_inside = any(_INSIDE.search(detail) for detail in error.details)
    return str(error) == "invalid_blocks" and not is_inside


def _blocks(order: Order, *, with_chart: bool) -> list[Block]:
    # without its chart a picture is a line that says why
    op = Op.NOTE if order.op is Op.PICTURE else order.op
    return blocks(order.message, op, with_chart=with_chart)


def _has_chart(order: Order) -> bool:
    return _blocks(order, with_chart=True) != _blocks(order, with_chart=False)
