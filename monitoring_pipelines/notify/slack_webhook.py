"""Slack through an incoming webhook: for who may install no app.

A webhook does not say where its message stands. So nothing can be edited, answered or looked up:
what is news is said as a message of its own, and after a lost answer it may stand there twice.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitoring_pipelines.errors import DestinationError, PayloadError
from monitoring_pipelines.notify.base import Notifier, Order, RemoteRef, is_news
from monitoring_pipelines.notify.blocklint import problems
from monitoring_pipelines.notify.blocks import blocks, summary, words
from monitoring_pipelines.notify.web import post, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


class SlackWebhookNotifier(Notifier):
    """A channel is the name of the environment variable that holds the webhook's URL.

    URLs of other hosts than Slack's are refused unless `any_host`, for tests and proxies.
    """

    def __init__(
        self, environ: Mapping[str, str], *, any_host: bool = False, timeout_s: float = 10.0
    ) -> None:
        self._environ, self._any_host, self._timeout_s = environ, any_host, timeout_s

    def reaches(self, channel: str) -> bool:
        """Whether the variable is set."""
        return bool(self._environ.get(channel))

    def send(self, order: Order) -> RemoteRef | None:
        """Post what is news: with blocks, without the chart, or in plain words."""
        if not is_news(order):
            return None
        # nobody could tell what a press belongs to
        message = replace(order.message, has_buttons=False)
        for with_chart in (True, False):
            built = blocks(message, order.op, with_chart=with_chart)
            if not problems(built):
                try:
                    self._post(order.channel, {"text": summary(message, order.op), "blocks": built})
                except PayloadError:
                    continue
                return RemoteRef(order.channel, order.idem)
        self._post(order.channel, {"text": words(message, order.op)})
        return RemoteRef(order.channel, order.idem)

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Nothing can be looked up."""
        raise DestinationError("a webhook cannot be asked what it posted")

    def check(self) -> str:
        """Nothing can be asked."""
        return "posts only: no edits, no threads, no look-up"

    def examine(self, channel: str) -> str:
        """Look at the address."""
        self._url(channel)
        return self.check()

    def _url(self, channel: str) -> str:
        url = self._environ.get(channel, "")
        parts = urlsplit(url)
        if not self._any_host and (parts.scheme != "https" or parts.hostname not in HOSTS):
            raise DestinationError(f"{channel} holds no URL of https://hooks.slack.com")
        return url

    def _post(self, channel: str, payload: dict[str, Any]) -> None:
        said = {**payload, "unfurl_links": False, "unfurl_media": False}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        body = json.dumps(said).encode()
        refused = refusal(post(self._url(channel), body, headers, self._timeout_s))
        if refused is not None:
            raise refused
