"""Presses over Socket Mode: Slack is called, and needs no way in.

The SDK's own client keeps the connection: it pings, and connects anew when Slack closes or is gone.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from monitoring_pipelines.notify.slack_app import QUIET, client
from monitoring_pipelines.notify.slack_call import call

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

LOG = logging.getLogger(__name__)
# the SDK reads a message in pieces of this size and recurses for each
PIECE = 64 * 1024
# a connection that broke without a word is seen after five pings, and until then the SDK spins
PING_S = 2.0
WATCH_S = 30.0


def listen_on_socket(
    app_token: str, base_url: str, hear: Callable[[Any], None], stop: Event
) -> None:
    """Give what Slack sends to `hear`, which must return at once, until `stop` is set."""
    web = client(base_url)
    web.token = app_token
    socket = SocketModeClient(
        app_token,
        logger=QUIET,
        web_client=web,
        ping_interval=PING_S,
        receive_buffer_size=PIECE,
        concurrency=2,
    )
    socket.message_listeners.append(_greet)
    socket.socket_mode_request_listeners.append(lambda c, request: _take(c, request, hear))
    socket.on_close_listeners.append(lambda code, _: LOG.info("closed by Slack (%s)", code))
    socket.on_error_listeners.append(lambda e: LOG.warning("connection: %s", type(e).__name__))
    try:
        socket.wss_uri = call(web.apps_connections_open, app_token=app_token)["url"]
        socket.connect()
        while not stop.wait(WATCH_S):
            if not socket.is_connected():
                LOG.warning("not connected; trying again every few seconds")
    finally:
        socket.close()


def _take(
    socket: BaseSocketModeClient, request: SocketModeRequest, hear: Callable[[Any], None]
) -> None:
    # first of all: without it Slack shows a failure after three seconds and sends it again
    socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
    LOG.info("envelope %s (%s)", request.envelope_id, request.type)
    if request.type == "interactive":
        hear(request.payload)


def _greet(_: BaseSocketModeClient, message: dict[str, Any], __: str | None = None) -> None:
    if message.get("type") == "hello":
        LOG.info("listening; %s connection(s) of this app", message.get("num_connections", "?"))
